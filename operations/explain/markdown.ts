import { printable } from "../../lib/printable";
import type { Explanation } from "./explained";
import { type Item, sections, summary } from "./report";

/** What a comment on GitHub holds, with room for what a workflow writes around. */
const longest = 60_000;

/** Longer lines would push others out of the comment. */
const longestLine = 2_000;

/** As code, in which nothing of it is Markdown, HTML or the mention of a person. */
function code(text: string): string {
  const shown = printable(text);
  const line = shown.length > longestLine ? `${shown.slice(0, longestLine)}…` : shown;
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const padded = line.startsWith("`") || line.endsWith("`") ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** Plans are called by their files, which can be called anything. */
function escapedMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>@#&|~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function itemText({ name, what, plan, lines, source }: Item, many: boolean): string {
  const tail = many ? ` (${code(plan)})` : "";
  const inner = lines.map((line) => `  - ${code(line)}`);
  const link = source === undefined ? [] : [`  - ${source}`];
  return [`- **${code(name)}** ${what === "" ? "" : code(what)}${tail}`, ...inner, ...link].join("\n");
}

/** The explanation as a comment of a pull request: what is lost stands open, the rest can be folded out. */
export function explanationMarkdown(explained: Explanation): string {
  const many = explained.plans.length > 1;
  const head = { 0: ":white_check_mark:", 2: ":pencil2:", 3: ":rotating_light:" }[explained.exitCode];
  const blocks = sections(explained).map(({ title, loud, items }) => {
    const list = items.map((item) => itemText(item, many)).join("\n");
    if (loud) return `### :rotating_light: ${title}\n\n${list}`;
    return `<details${title === "Restarts" ? " open" : ""}><summary>${title} (${items.length})</summary>\n\n${list}\n\n</details>`;
  });
  const notes = explained.notes.map((note) => `> ${code(note)}`);
  const text = [`${head} **${escapedMarkdown(summary(explained))}**`, ...notes, ...blocks].join("\n\n");
  if (text.length <= longest) return `${text}\n`;
  const cut = text.slice(0, text.lastIndexOf("\n", longest));
  const open = (cut.match(/<details/g)?.length ?? 0) - (cut.match(/<\/details>/g)?.length ?? 0);
  return `${cut}\n${"\n</details>\n".repeat(open)}\nThe rest is too long for a comment: read it with \`npm run explain\`.\n`;
}
