import type { Explanation } from "./explanation";
import { sections, summary } from "./report";

/** The explanation for a terminal, and as well for a pipe: no colour. */
export function explanationText(explained: Explanation): string {
  const many = explained.plans.length > 1;
  const blocks = sections(explained).map(({ title, loud, items }) => {
    const lines = items.flatMap(({ name, what, plan, lines, source }) => [
      `${loud ? "!!" : " -"} ${name}  ${what}${many ? `  [${plan}]` : ""}`,
      ...[...lines, ...(source === undefined ? [] : [source])].map((line) => `     ${line}`),
    ]);
    return `${title}\n${lines.join("\n")}`;
  });
  return [summary(explained), ...blocks, ...explained.notes.map((note) => `Note: ${note}`)].join("\n\n");
}
