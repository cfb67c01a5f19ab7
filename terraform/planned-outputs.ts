/** The outputs that a plan would write, for the plan of a stack that reads them before they are written. */
import type { Plan } from "./plan";

/**
 * A value that is not known before the apply, of whatever type. Terraform calls no impure function while it plans.
 * https://developer.hashicorp.com/terraform/language/functions/uuid
 */
const notKnownYet = "jsondecode(uuid())";

const conversions: Readonly<Record<string, string>> = { list: "tolist", set: "toset", map: "tomap" };

/** A string of the Terraform language, which knows fewer escapes than JSON, and templates. */
function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replaceAll(/\\(.)/g, (sequence, letter) => ({ b: "\\u0008", f: "\\u000c" })[letter as "b" | "f"] ?? sequence)
    .replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** @param type as a state has it: `"string"`, `["list", "string"]`, `["object", {"a": "string"}]`; undefined where it isn't told */
function expression(value: unknown, unknowns: unknown, type: unknown): string {
  if (unknowns === true) return notKnownYet;
  const [kind, inner] = Array.isArray(type) ? type : [];
  const mask = isObject(unknowns) ? unknowns : {};
  const innerType = (key: string) =>
    kind === "object" || kind === "tuple" ? (inner as Readonly<Record<string, unknown>>)[key] : inner;
  const within = () => {
    if (Array.isArray(value) || Array.isArray(unknowns)) {
      const items = (value ?? []) as readonly unknown[];
      const length = Math.max(items.length, Array.isArray(unknowns) ? unknowns.length : 0);
      const texts = Array.from({ length }, (_, index) =>
        expression(items[index], mask[index], innerType(String(index))),
      );
      return `[${texts.join(", ")}]`;
    }
    const values = isObject(value) ? value : {};
    const keys = [...new Set([...Object.keys(values), ...Object.keys(mask)])];
    const texts = keys.map((key) => `${stringLiteral(key)} = ${expression(values[key], mask[key], innerType(key))}`);
    return `{${texts.join(", ")}}`;
  };
  if (isObject(value) || Object.keys(mask).length > 0) {
    const convert = conversions[String(kind)];
    return convert === undefined ? within() : `${convert}(${within()})`;
  }
  if (typeof value === "string") return stringLiteral(value);
  return JSON.stringify(value ?? null);
}

/** All outputs as they will be, as one object in the Terraform language; what isn't known yet is unknown there, too. */
export function plannedOutputsExpression({ planned_values, output_changes }: Plan): string {
  const outputs = Object.entries(planned_values?.outputs ?? {}).map(([name, { value, type }]) => {
    const { after, after_unknown } = output_changes?.[name] ?? {};
    // Of a value that is known in part, the planned values have nothing.
    const text =
      type === undefined ? expression(after, after_unknown ?? true, undefined) : expression(value, undefined, type);
    return `${stringLiteral(name)} = ${text}`;
  });
  return `{${outputs.join(", ")}}`;
}
