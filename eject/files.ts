/** Which file of a hand-written module holds a block. */
import type { TopBlock } from "../terraform/hcl/configuration";

const bySection: Readonly<Record<string, string>> = {
  terraform: "provider",
  provider: "provider",
  variable: "variables",
  output: "outputs",
  data: "data",
  ephemeral: "data",
  module: "modules",
  moved: "moved",
  import: "imports",
  removed: "removed",
  check: "checks",
};

/** By the beginning of a type's name; the first that fits. */
const byType: readonly (readonly [RegExp, string])[] = [
  [/^aws_(route53|acm)_/, "dns"],
  [/^aws_(ecs|service_discovery|appautoscaling)_/, "ecs"],
  [/^aws_(db|rds)_/, "rds"],
  [/^aws_(lb|alb|elb)(_|$)/, "alb"],
  [/^aws_(default_)?(vpc|subnet|security_group|network|route|internet|nat|egress|eip|flow_log|main_route)/, "vpc"],
  [/^aws_(instance|ami|ebs|key_pair|launch|spot|placement|volume)/, "ec2"],
  [/^aws_([a-z0-9]+)(_|$)/, ""],
];

/** Without `.tf`. */
export function fileOf({ section, type }: Pick<TopBlock, "section" | "type">): string {
  if (section === "locals") return "locals";
  const fixed = bySection[section];
  if (fixed !== undefined) return fixed;
  for (const [pattern, name] of byType) {
    const match = pattern.exec(type);
    if (match !== null) return legal(name === "" ? (match[1] ?? type) : name);
  }
  // Another provider's: one file for what it makes.
  return legal(type.split("_")[0] || type);
}

/** Terraform reads `override.tf` in another way. */
function legal(name: string): string {
  return name === "override" ? "overrides" : name;
}

/** The order of blocks within a file: as they are given, but data before resources is nobody's concern here. */
export function byFile(blocks: readonly TopBlock[]): ReadonlyMap<string, readonly TopBlock[]> {
  const files = new Map<string, TopBlock[]>();
  for (const one of blocks) {
    const name = `${fileOf(one)}.tf`;
    const list = files.get(name) ?? [];
    list.push(one);
    files.set(name, list);
  }
  return files;
}
