import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./project";

/** The ECS actions of the policy that docs/operations.md gives for a command, without `ecs:`, sorted. */
export function documentedActions(command: string): string[] {
  const text = readFileSync(join(project, "docs/operations.md"), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`\`${command}\`\n`)) ?? "";
  const [, policy = "{}"] = /^```json\n(.*?)^```/ms.exec(section) ?? [];
  const { Statement = [] } = JSON.parse(policy) as { Statement?: { Action: string | string[] }[] };
  return Statement.flatMap(({ Action }) => Action)
    .map((action) => action.replace("ecs:", ""))
    .sort();
}
