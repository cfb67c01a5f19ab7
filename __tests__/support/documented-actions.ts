import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./project";

/** The actions of the policy that a page of docs/ gives for a command, without their service (`ecs:`), sorted. */
export function documentedActions(command: string, page = "operations.md"): string[] {
  const text = readFileSync(join(project, "docs", page), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`\`${command}\`\n`)) ?? "";
  const [, policy = "{}"] = /^```json\n(.*?)^```/ms.exec(section) ?? [];
  const { Statement = [] } = JSON.parse(policy) as { Statement?: { Action: string | string[] }[] };
  return Statement.flatMap(({ Action }) => Action)
    .map((action) => action.replace(/^.*:/, ""))
    .sort();
}
