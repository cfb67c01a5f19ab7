import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./project";

/** The rows of the table below a heading of docs/request-path.md, by their first cell, without the backquotes. */
export function documentedTable(heading: string): Map<string, readonly string[]> {
  const text = readFileSync(join(project, "docs", "request-path.md"), "utf8");
  const [, section] = text.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`docs/request-path.md has no heading "${heading}"`);
  const [below = ""] = section.split("\n## ");
  const lines = below.split("\n").filter((line) => line.startsWith("|"));
  const rows = lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
  return new Map(rows.map(([name = "", ...cells]) => [name, cells]));
}
