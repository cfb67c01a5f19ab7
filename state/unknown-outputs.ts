/**
 * Outputs of the network that a plan can't tell yet: the app is planned with them unknown, as Terraform would within one
 * state. Otherwise one missing object would keep the whole app from being planned.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../terraform/plan";

const prefix = "unknown_output_";
const stand = "terraform_data.state_check_unknown";

/** Whether an address is of what stands for unknown values, and of nothing of the stack's. */
export function isStandIn(address: string): boolean {
  return address === stand;
}

/** The output that a reference of a prepared stack stands for. */
export function unknownOutput(reference: string): string | undefined {
  const [, name] = /^local\.(\w+)/.exec(reference) ?? [];
  return name?.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** An expression with an unknown at each place that a mask of Terraform's marks. */
function withUnknown(value: unknown, mask: unknown): unknown {
  if (mask === true) return `\${${stand}.output}`;
  if (typeof value === "string") return value.replace(/[$%](?=\{)/g, (sign) => sign + sign);
  if (Array.isArray(mask)) return mask.map((inner, index) => withUnknown((value as unknown[] | null)?.[index], inner));
  if (Array.isArray(value)) return value.map((inner) => withUnknown(inner, false));
  const names = new Set([...Object.keys((value ?? {}) as object), ...Object.keys((mask || {}) as object)]);
  if (typeof value !== "object" && typeof mask !== "object") return value;
  if (value === null && !mask) return null;
  return Object.fromEntries(
    [...names].map((name) => [name, withUnknown((value as never)?.[name], (mask as never)?.[name])]),
  );
}

/** The outputs of a plan that are not wholly known, as expressions. */
export function unknownOutputs(plan: Plan): Map<string, unknown> {
  const changes = Object.entries(plan.output_changes ?? {});
  return new Map(
    changes
      .filter(
        ([, { after_unknown: mask }]) =>
          mask === true || (typeof mask === "object" && mask !== null && Object.keys(mask).length > 0),
      )
      .map(([name, { after, after_unknown: mask }]) => [name, withUnknown(after, mask)]),
  );
}

/** Makes a synthesized stack read these outputs of another stack as unknown. */
export function setUnknown(folder: string, stack: string, outputs: ReadonlyMap<string, unknown>): void {
  if (outputs.size === 0) return;
  const file = join(folder, "cdk.tf.json");
  const references = /data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g;
  const text = readFileSync(file, "utf8").replace(references, (whole, from: string, name: string) =>
    from === stack && outputs.has(name) ? `local.${prefix}${name}` : whole,
  );
  writeFileSync(file, text, { mode: 0o600 });
  const locals = Object.fromEntries([...outputs].map(([name, value]) => [prefix + name, value]));
  const resource = { terraform_data: { state_check_unknown: { input: "unknown" } } };
  writeFileSync(join(folder, "unknown.tf.json"), JSON.stringify({ locals, resource }), { mode: 0o600 });
}
