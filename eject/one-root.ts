/** Makes one configuration of several stacks, as the module was from which they come. */
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../lib/user-error";
import { isObject, type Json, objects } from "../terraform/hcl/resource";
import { rewritten } from "../terraform/hcl/rewrite";
import { joined } from "./remote-state";

export interface EjectedStack {
  readonly id: string;
  readonly json: Json;
}

type Section = Record<string, unknown>;

const section = (json: Json, name: string): Json => (isObject(json[name]) ? (json[name] as Json) : {});

function withoutComment(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { "//": _, ...rest } = value;
  return rest;
}

function refuse(what: string): never {
  throw new UserError(
    `The stacks can't be one root: ${what}. Eject them without --one-root, or make them agree first.`,
  );
}

/** A name that neither has. */
function freeName(name: string, suffix: string, isTaken: (name: string) => boolean): string {
  let free = `${name}_${suffix}`;
  for (let count = 2; isTaken(free); count += 1) free = `${name}_${suffix}_${count}`;
  return free;
}

/** Gives data sources, locals and outputs of a stack other names where an earlier stack has taken them for something else. */
function renamed({ id, json }: EjectedStack, before: Json): Json {
  const changes: [RegExp, string][] = [];
  const data: Record<string, Section> = {};
  for (const [type, byName] of Object.entries(section(json, "data"))) {
    for (const [name, body] of Object.entries(byName as Json)) {
      const others = section(section(before, "data"), type);
      const isOther = name in others && !isDeepStrictEqual(withoutComment(others[name]), withoutComment(body));
      const own = isOther ? freeName(name, id, (one) => one in others || one in (byName as Json)) : name;
      data[type] = { ...data[type], [own]: body };
      if (isOther) changes.push([reference(`data.${type}.${name}`), `data.${type}.${own}`]);
    }
  }
  const locals: Section = {};
  const otherLocals = section(before, "locals");
  for (const [name, value] of Object.entries(section(json, "locals"))) {
    const isOther = name in otherLocals && !isDeepStrictEqual(otherLocals[name], value);
    const own = isOther ? freeName(name, id, (one) => one in otherLocals || one in section(json, "locals")) : name;
    locals[own] = value;
    if (isOther) changes.push([reference(`local.${name}`), `local.${own}`]);
  }
  const otherOutputs = section(before, "output");
  const output = Object.fromEntries(
    Object.entries(section(json, "output")).map(([name, body]) => {
      const isOther = name in otherOutputs && !isDeepStrictEqual(otherOutputs[name], body);
      return [isOther ? freeName(name, id, (one) => one in otherOutputs) : name, body];
    }),
  );
  const change = (expression: string) => changes.reduce((text, [from, to]) => text.replace(from, to), expression);
  return rewritten({ ...json, data, locals, output }, change) as Json;
}

function reference(text: string): RegExp {
  return new RegExp(`(?<![\\w.-])${text.replace(/[.[\]]/g, "\\$&")}(?![\\w-])`, "g");
}

/** The one that has to be set wins: the other stack only declares it, so that one tfvars file serves both. */
function variable(name: string, one: Json, other: Json): Json {
  if (!("default" in one)) return other.sensitive === true ? { ...one, sensitive: true } : one;
  if (!("default" in other)) return one.sensitive === true ? { ...other, sensitive: true } : other;
  if (isDeepStrictEqual(withoutComment(one), withoutComment(other))) return one;
  return refuse(`they declare the variable ${name} with different defaults or rules`);
}

/** Both paths, where two constructs have become one. */
function data(one: unknown, other: unknown): unknown {
  const [first, second] = [one, other].map((body) => section(section(body as Json, "//"), "metadata").path);
  if (first === undefined || second === undefined) return one;
  return { ...(one as Json), "//": { metadata: { path: `${first}, ${second}` } } };
}

function providers(name: string, one: unknown, other: unknown): Json[] {
  const all = objects(one);
  for (const added of objects(other)) {
    const same = all.find(({ alias }) => alias === added.alias);
    if (same === undefined) all.push(added);
    else if (!isDeepStrictEqual(same, added)) {
      refuse(`they configure the provider ${name}${added.alias === undefined ? "" : `.${added.alias}`} differently`);
    }
  }
  return all;
}

function constraints(one: unknown, other: unknown): unknown {
  return one === undefined || one === other ? other : other === undefined ? one : `${one}, ${other}`;
}

function requiredProvider(name: string, one: unknown, other: unknown): unknown {
  if (!isObject(one) || !isObject(other)) return constraints(one, other);
  if (one.source !== other.source) refuse(`they take the provider ${name} from different sources`);
  return { ...one, ...other, version: constraints(one.version, other.version) };
}

/** The later stack's backend: the app's state lies where the module's own did. */
function terraform(one: Json, other: Json): Json {
  return {
    ...one,
    ...other,
    required_version: constraints(one.required_version, other.required_version),
    required_providers: combined(
      section(one, "required_providers"),
      section(other, "required_providers"),
      requiredProvider,
    ),
  };
}

function combined(one: Json, other: Json, both: (name: string, one: never, other: never) => unknown): Json {
  const all: Section = { ...one };
  for (const [name, value] of Object.entries(other)) {
    all[name] = name in one ? both(name, one[name] as never, value as never) : value;
  }
  return all;
}

function merge(one: Json, other: Json): Json {
  const twice = (what: string) => (name: string) => refuse(`both have the ${what} ${name}`);
  const byType = (each: (name: string, a: never, b: never) => unknown) => (_type: string, a: Json, b: Json) =>
    combined(a, b, each);
  const rules: Readonly<Record<string, (name: string, a: never, b: never) => unknown>> = {
    variable,
    output: (_name, a) => a,
    locals: (_name, a) => a,
    data: byType((_name, a, b) => data(a, b)),
    resource: byType(twice("resource")),
    ephemeral: byType(twice("ephemeral resource")),
    module: twice("module"),
    check: twice("check"),
    provider: providers,
  };
  const merged: Section = {};
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [a, b] = [one[name], other[name]];
    const rule = rules[name];
    if (name === "terraform") merged[name] = terraform(section(one, name), section(other, name));
    else if (rule !== undefined) merged[name] = combined(section(one, name), section(other, name), rule);
    else if (name !== "//") merged[name] = [...objects(a), ...objects(b)];
  }
  return merged;
}

/** @param stacks in the order in which they are deployed */
export function oneRoot(stacks: readonly EjectedStack[]): Json {
  const done = new Map<string, Json>();
  let whole: Json = {};
  for (const { id, json } of stacks) {
    const own = joined(json, done);
    // A value that gets a name here may not take one that is there.
    const taken = [section(own.json, "locals"), section(whole, "locals")];
    const clash = Object.keys(own.locals).find((name) => taken.some((locals) => name in locals));
    if (clash !== undefined) refuse(`the output ${clash} would be a local of a name that is taken`);
    whole = { ...whole, locals: { ...section(whole, "locals"), ...own.locals } };
    done.set(id, json);
    whole = merge(whole, renamed({ id, json: own.json }, whole));
  }
  return whole;
}
