/** What a stack can read of the other one: by its outputs, or by the value that the state has. */
import { nameVerdict } from "../../lib/secrecy/names";
import { steps } from "../../terraform/address";
import { objects } from "../../terraform/hcl/resource";
import { rewritten } from "../../terraform/hcl/rewrite";
import { asTemplate } from "../../terraform/hcl/template";
import type { StateDocument } from "../document";
import { resourceAddress } from "../inventory";
import type { StackId } from "../split-state";
import type { Item } from "./item";
import { type Body, referencesOf } from "./source";

export type Jsons = Readonly<Record<StackId, Body>>;

/** Addresses of all that a stack's JSON declares. */
export function declaredIn(json: Body): Set<string> {
  const typed = (section: unknown, prefix: string) =>
    objects(section).flatMap((one) =>
      Object.entries(one).flatMap(([type, byName]) =>
        Object.keys(byName as object).map((name) => `${prefix}${type}.${name}`),
      ),
    );
  const named = (section: unknown, prefix: string) =>
    objects(section).flatMap((one) => Object.keys(one).map((name) => `${prefix}.${name}`));
  return new Set([
    ...typed(json.resource, ""),
    ...typed(json.data, "data."),
    ...named(json.variable, "var"),
    ...named(json.module, "module"),
    ...named(json.locals, "local"),
    ...named(json.output, "output"),
  ]);
}

/** By what another stack's output is: the reference that reads it. */
function outputsOf(json: Body): Map<string, string> {
  const reads = new Map<string, string>();
  for (const [name, output] of Object.entries((json.output ?? {}) as Record<string, { value: unknown }>)) {
    const at = `data.terraform_remote_state.network.outputs.${name}`;
    if (typeof output.value === "string") reads.set(output.value, at);
    for (const [key, value] of Object.entries(typeof output.value === "object" ? (output.value ?? {}) : {})) {
      if (typeof value === "string") reads.set(value, `${at}[${JSON.stringify(key)}]`);
    }
  }
  return reads;
}

function valueIn(state: StateDocument, path: string): unknown {
  const all = steps(path);
  const [type, name, ...rest] = all ?? [];
  const resource = state.resources.find((one) => resourceAddress(one) === `${type?.name}.${name?.name}`);
  const [key] = name?.keys ?? [];
  const instance = resource?.instances.find(({ index_key }) => index_key === key);
  let value = (JSON.parse(instance?.json.text ?? "{}") as Body).attributes;
  for (const one of rest.flatMap((step) => [step.name, ...step.keys])) {
    value = typeof value === "object" && value !== null ? (value as Body)[String(one)] : undefined;
  }
  return value;
}

export interface Reached {
  readonly items: readonly Item[];
  /** What can't be read: one sentence each. */
  readonly unreachable: readonly string[];
}

/** The items of a stack in expressions that it can evaluate. */
export function reached(stack: StackId, items: readonly Item[], jsons: Jsons, state: StateDocument): Reached {
  const drafted = new Set(items.map(({ address }) => address));
  const own = declaredIn(jsons[stack]);
  const isForeign = (address: string) => !own.has(address) && !drafted.has(address);
  const others = [...declaredIn(jsons[stack === "app" ? "network" : "app"])].filter(
    (address) => /^[a-z]\w*_/.test(address) && isForeign(address),
  );
  const reads = stack === "app" ? outputsOf(jsons.network) : new Map<string, string>();
  const step = String.raw`(?:\.[\p{L}_][\p{L}\d_-]*|\["(?:[^"\\]|\\.)*"\]|\[\d+\])`;
  const patterns = others.map(
    (address) => new RegExp(String.raw`(?<![\w.-])${address.replace(/\./g, "\\.")}${step}+`, "gu"),
  );
  const replace = (expression: string) =>
    patterns.reduce(
      (text, pattern) =>
        text.replace(pattern, (whole) => {
          const read = reads.get(`\${${whole}}`);
          if (read !== undefined) return read;
          const value = valueIn(state, whole);
          const isOpen = value !== undefined && nameVerdict(whole.split(".").at(-1) ?? "") === "plain";
          return isOpen ? asTemplate(JSON.stringify(value)) : whole;
        }),
      expression,
    );
  const changed = items.map((item) => {
    const { depends_on, ...rest } = item.body;
    const body = rewritten(rest, replace) as Body;
    // The other stack's are there already, or still: stacks are deployed one after the other.
    const kept = Array.isArray(depends_on) ? depends_on.filter((one) => !others.includes(String(one))) : [];
    return { ...item, body: kept.length === 0 ? body : { ...body, depends_on: kept } };
  });
  const unreachable = changed.flatMap(({ address, body }) =>
    referencesOf(body)
      .filter((one) => others.includes(one))
      .map((one) => `${address} refers to ${one}, which the ${stack} stack can't read`),
  );
  return { items: changed, unreachable };
}
