import { printable } from "../../lib/printable";
import type { Explanation } from "./explained";
import { sections, summary } from "./report";

/** The explanation for a terminal, and as well for a pipe: no colour. */
export function explanationText(explained: Explanation): string {
  const many = explained.plans.length > 1;
  const blocks = sections(explained).map(({ title, loud, items }) => {
    const lines = items.flatMap(({ name, what, plan, lines, source }) => [
      `${loud ? "!!" : " -"} ${printable(name)}  ${printable(what)}${many ? `  [${printable(plan)}]` : ""}`,
      ...[...lines, ...(source === undefined ? [] : [source])].map((line) => `     ${printable(line)}`),
    ]);
    return `${title}\n${lines.join("\n")}`;
  });
  return [printable(summary(explained)), ...blocks, ...explained.notes.map((note) => `Note: ${printable(note)}`)].join(
    "\n\n",
  );
}
