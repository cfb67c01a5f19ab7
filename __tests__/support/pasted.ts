import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "@swc/core";
import { project } from "../../lib/project";

/** The TypeScript below a heading of a document in docs/, as a reader pastes it. */
export function documentedCode(heading: string, document: string): string {
  const [, section = ""] = readFileSync(join(project, "docs", document), "utf8").split(`\n## ${heading}\n`);
  const code = /^```ts\n(.*?)^```$/ms.exec(section.split("\n## ")[0] ?? "")?.[1];
  if (code === undefined) throw new Error(`docs/${document} has no TypeScript below "${heading}"`);
  return code;
}

/**
 * Runs code as a module.
 * @param folder of the file into which it is pasted, relative to the project
 * @returns its exports
 */
export function runPasted(code: string, folder: string): Record<string, unknown> {
  const { code: commonJs } = transformSync(code, {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  });
  const exports: Record<string, unknown> = {};
  const requireFrom = (name: string) => require(name.startsWith(".") ? join(project, folder, name) : name);
  new Function("exports", "require", commonJs)(exports, requireFrom);
  return exports;
}
