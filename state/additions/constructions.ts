/** The TypeScript that makes a thing of a hand-written module anew. */
import { bare } from "../../terraform/hcl/value";
import { camelCase, type TypedBinding, typedBinding } from "./bindings";
import type { Item } from "./item";
import { type Body, isObject } from "./source";
import { literal, plain, quoted, typed, Untyped, type Writer } from "./typescript";

export interface Construction {
  /** An expression; absent where there is no construct for it. */
  readonly creation?: string;
  /** What is called on it afterwards: `.addOverride("count", 2)`. Without a creation, whole statements. */
  readonly overrides: readonly string[];
  readonly binding?: TypedBinding;
  /** Whether its attributes are read without a key. @default true */
  readonly isSingle?: boolean;
}

/** Where a construct is made, as TypeScript: the construct around it, and its id. */
export interface Place {
  readonly at: string;
  readonly id: string;
}

export interface Scope extends Writer {
  /** Whether a constant or property holds the construct of this address. */
  readonly isMade: (address: string) => boolean;
  /** That constant or property, which is read from now on. */
  readonly construct: (address: string) => string;
  /** Where a module lies in the stack's folder. */
  readonly moduleSource: (source: string) => string;
}

const override = (name: string, value: string) => `.addOverride(${JSON.stringify(name)}, ${value})`;

const made = (className: string, { at, id }: Place, members: readonly string[]) =>
  `new ${className}(${at}, ${id}${members.length === 0 ? "" : `, { ${members.join(", ")} }`})`;

/** Terraform evaluates nothing in a variable. */
export function variable({ body }: Item, place: Place, scope: Scope): Construction {
  scope.need("TerraformVariable", "cdktf");
  const { type, default: otherwise, validation, ...rest } = body;
  const known = ["description", "sensitive", "nullable"];
  const members = [
    ...(type === undefined ? [] : [`type: ${quoted(bare(String(type)))}`]),
    ...known.flatMap((one) => (rest[one] === undefined ? [] : [`${one}: ${plain(rest[one])}`])),
    ...(otherwise === undefined || otherwise === null ? [] : [`default: ${plain(otherwise)}`]),
  ];
  const others = Object.entries(rest).filter(([one]) => !known.includes(one));
  const overrides = [
    ...(otherwise === null ? [override("default", "null")] : []),
    ...others.map(([one, value]) => override(one, plain(value))),
    ...(validation === undefined ? [] : [override("validation", literal(validation, scope))]),
  ];
  const creation = `new TerraformVariable(${place.at}, ${place.id}, { ${members.join(", ")} })`;
  return { creation, overrides };
}

export function local({ name, body }: Item, place: Place, scope: Scope): Construction {
  scope.need("TerraformLocal", "cdktf");
  return { creation: `new TerraformLocal(${place.at}, ${place.id}, ${literal(body[name], scope)})`, overrides: [] };
}

export function output({ body }: Item, place: Place, scope: Scope): Construction {
  scope.need("TerraformOutput", "cdktf");
  const { description, value, sensitive, ...rest } = body;
  const members = [
    ...(description === undefined ? [] : [`description: ${plain(description)}`]),
    `value: ${literal(value ?? null, scope)}`,
    ...(sensitive === undefined ? [] : [`sensitive: ${literal(sensitive, scope)}`]),
  ];
  const overrides = Object.entries(rest).map(([one, other]) => override(one, literal(other, scope)));
  return { creation: made("TerraformOutput", place, members), overrides };
}

export function module({ body }: Item, place: Place, scope: Scope): Construction {
  scope.need("TerraformHclModule", "cdktf");
  const { source, version, for_each, count, providers, depends_on, ...variables } = body;
  const isLocal = typeof source === "string" && /^\.\.?\//.test(source);
  const members = [
    `source: ${JSON.stringify(isLocal ? scope.moduleSource(source) : source)}`,
    ...(isLocal ? ["skipAssetCreationFromLocalModules: true"] : []),
    ...(version === undefined ? [] : [`version: ${JSON.stringify(version)}`]),
    ...(Object.keys(variables).length === 0 ? [] : [`variables: ${literal(variables, scope)}`]),
  ];
  const overrides = Object.entries({ for_each, count, providers, depends_on }).flatMap(([one, value]) =>
    value === undefined ? [] : [override(one, literal(value, scope))],
  );
  return { creation: made("TerraformHclModule", place, members), overrides };
}

const metaArguments = [
  "for_each",
  "count",
  "provider",
  "depends_on",
  "lifecycle",
  "dynamic",
  "provisioner",
  "connection",
];

export function resource(item: Item, place: Place, scope: Scope): Construction {
  const { body } = item;
  const binding = typedBinding(item.type, item.kind === "data" ? "data" : "managed");
  const isSingle = body.for_each === undefined && body.count === undefined;
  if (binding === undefined) return { ...untyped(item, place, scope), isSingle };
  scope.need(binding.className, binding.module);
  const shape = binding.interfaces.get(`${binding.className}Config`) ?? new Map();
  const members: string[] = [];
  const overrides: string[] = [];
  const put = (name: string, value: unknown) => overrides.push(override(name, literal(value, scope)));

  const each = listOf(body.for_each);
  if (each !== undefined) {
    scope.need("TerraformIterator", "cdktf");
    members.push(`forEach: TerraformIterator.fromList(${JSON.stringify(each)})`);
  } else if (body.for_each !== undefined) put("for_each", body.for_each);
  if (typeof body.count === "number") members.push(`count: ${body.count}`);
  else if (body.count !== undefined) put("count", body.count);

  const given = new Set<string>();
  for (const [name, value] of Object.entries(body)) {
    if (metaArguments.includes(name) || value === null) continue;
    const type = shape.get(camelCase(name));
    try {
      if (type === undefined) throw new Untyped();
      members.push(`${camelCase(name)}: ${typed(value, type, binding, scope)}`);
      given.add(camelCase(name));
    } catch (error) {
      if (!(error instanceof Untyped)) throw error;
      put(name, value);
    }
  }
  // What comes by an override, or by a dynamic block, is missing in the eyes of the types.
  for (const name of binding.required.filter((one) => !given.has(one))) {
    members.push(`${name}: ${shape.get(name)?.includes("[]") ? "[]" : "undefined as never"}`);
  }
  const lifecycle = lifecycleOf(body.lifecycle, scope);
  if (lifecycle !== undefined) members.push(`lifecycle: ${lifecycle}`);
  const names = textsOf(body.depends_on);
  if (names.length > 0 && names.every(scope.isMade)) {
    members.push(`dependsOn: [${names.map(scope.construct).join(", ")}]`);
  } else if (names.length > 0) put("depends_on", names);
  const provider = `provider.${body.provider}`;
  if (scope.isMade(provider)) members.push(`provider: ${scope.construct(provider)}`);
  else if (body.provider !== undefined) put("provider", body.provider);
  for (const name of ["dynamic", "provisioner", "connection"]) if (body[name] !== undefined) put(name, body[name]);
  return { creation: made(binding.className, place, members), overrides, binding, isSingle };
}

/** Of a provider without bindings here: cdktf's own class, everything by overrides. */
function untyped({ kind, type, body }: Item, place: Place, scope: Scope): Construction {
  const className = kind === "data" ? "TerraformDataSource" : "TerraformResource";
  scope.need(className, "cdktf");
  const [provider = ""] = type.split("_");
  const overrides = Object.entries(body).map(([one, value]) => override(one, literal(value, scope)));
  const members = [
    `terraformResourceType: ${JSON.stringify(type)}`,
    `terraformGeneratorMetadata: { providerName: ${JSON.stringify(provider)} }`,
  ];
  return { creation: made(className, place, members), overrides };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The keys of `toset(["a", "b"])`. */
function listOf(value: unknown): string[] | undefined {
  const list = typeof value === "string" ? /^\$\{toset\((\[.*\])\)\}$/s.exec(value)?.[1] : undefined;
  try {
    const keys: unknown = list === undefined ? undefined : JSON.parse(list.replace(/,\s*\]$/, "]"));
    return Array.isArray(keys) && keys.every((key) => typeof key === "string" && !/[$%]\{/.test(key))
      ? keys
      : undefined;
  } catch {
    return undefined;
  }
}

function lifecycleOf(value: unknown, scope: Scope): string | undefined {
  const [body] = Array.isArray(value) ? (value as Body[]) : [];
  if (body === undefined) return undefined;
  const members = Object.entries(body).map(([name, one]) => {
    if (name === "ignore_changes" && !Array.isArray(one)) return `ignoreChanges: "all"`;
    if (name === "ignore_changes" || name === "replace_triggered_by") {
      return `${camelCase(name)}: ${JSON.stringify(one)}`;
    }
    if (!Array.isArray(one)) return `${camelCase(name)}: ${literal(one, scope)}`;
    const conditions = one.filter(isObject).map(({ condition, error_message }) => {
      return `{ condition: ${literal(condition, scope)}, errorMessage: ${literal(error_message, scope)} }`;
    });
    return `${camelCase(name)}: [${conditions.join(", ")}]`;
  });
  return `{ ${members.join(", ")} }`;
}
