import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./project";

/** The rows of the table below a heading of a document in docs/, by their first cell, without the backquotes. */
export function documentedTable(heading: string, document = "request-path.md"): Map<string, readonly string[]> {
  return new Map(documentedRows(heading, document).map(([name = "", ...cells]) => [name, cells]));
}

/** The same with a row's first cell in it, for tables in which it comes more than once. */
export function documentedRows(heading: string, document: string): string[][] {
  const text = readFileSync(join(project, "docs", document), "utf8");
  const [, section] = text.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`docs/${document} has no heading "${heading}"`);
  const [below = ""] = section.split("\n## ");
  const lines = below.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}
