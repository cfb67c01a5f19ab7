import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The block of shell commands of a page that has a text in it. @throws Error where there is none */
export function documentedCommands(project: string, page: string, containing: string): string {
  const blocks = [...readFileSync(join(project, page), "utf8").matchAll(/```sh\n([^`]*)```/g)];
  const found = blocks.find(([, step = ""]) => step.includes(containing))?.[1];
  if (found === undefined) throw new Error(`${page} has no commands with "${containing}"`);
  return found;
}
