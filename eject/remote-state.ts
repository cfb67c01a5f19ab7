/** Takes a stack's reads of another stack's state for what they stand for, where both are one module. */

import { UserError } from "../lib/user-error";
import { isObject, type Json } from "../terraform/hcl/resource";
import { rewritten } from "../terraform/hcl/rewrite";
import { quotedTemplate, templateParts } from "../terraform/hcl/template";

const step = String.raw`(?:\.[\p{ID_Start}_][\p{ID_Continue}-]*|\["(?:[^"\\]|\\.)*"\])`;
const read = new RegExp(String.raw`(?<![\w.-])data\.terraform_remote_state\.([\w-]+)\.outputs(${step}+)`, "gu");

function namesOf(steps: string): string[] {
  const all = [...steps.matchAll(/\.([\p{ID_Start}_][\p{ID_Continue}-]*)|\["((?:[^"\\]|\\.)*)"\]/gu)];
  return all.map(([, name, key]) => name ?? JSON.parse(`"${key}"`));
}

function outputsOf(json: Json): Json {
  return isObject(json.output) ? json.output : {};
}

export interface Joined {
  readonly json: Json;
  /** Values of outputs that are no single expression, to be locals. */
  readonly locals: Json;
}

/**
 * @param json of the stack that reads
 * @param others by name of the `terraform_remote_state`
 */
export function joined(json: Json, others: ReadonlyMap<string, Json>): Joined {
  const locals: Record<string, unknown> = {};
  const change = (expression: string): string =>
    expression.replace(read, (whole, stack: string, steps: string) => {
      const other = others.get(stack);
      if (other === undefined) return whole;
      const [name = "", ...keys] = namesOf(steps);
      const output = outputsOf(other)[name];
      if (!isObject(output)) {
        throw new UserError(`A stack reads the output ${name} of ${stack}, which has none of this name.`);
      }
      let value: unknown = output.value;
      let at = 0;
      while (at < keys.length && isObject(value) && Object.hasOwn(value, keys[at] ?? "")) {
        value = value[keys[at] ?? ""];
        at += 1;
      }
      const rest = keys.slice(at).map((key) => `[${JSON.stringify(key)}]`);
      const term = termOf(value);
      if (term !== undefined && (rest.length === 0 || !term.startsWith('"'))) return term + rest.join("");
      locals[name] = output.value;
      return `local.${name}${keys.map((key) => `[${JSON.stringify(key)}]`).join("")}`;
    });
  const { data, ...others_ } = json;
  const { terraform_remote_state: states, ...otherData } = isObject(data) ? data : {};
  const kept = Object.entries(isObject(states) ? states : {}).filter(([name]) => !others.has(name));
  const keptData = kept.length === 0 ? otherData : { ...otherData, terraform_remote_state: Object.fromEntries(kept) };
  return { json: rewritten({ ...others_, data: keptData }, change) as Json, locals };
}

/** What can stand in the middle of any expression; undefined for what is better given a name. */
function termOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const parts = templateParts(value);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "expression") {
    return /^[\w.[\]"-]+$/.test(only.text) ? only.text : undefined;
  }
  return parts.some(({ kind }) => kind === "directive") ? undefined : quotedTemplate(parts, String);
}
