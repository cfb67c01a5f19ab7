/** Objects that a state has at another address than the stacks: in a module, under another name, with another key. */
import { keySuffix, steps } from "../../terraform/address";
import { type StateDocument, type StateInstance, type StateResource, textAttribute } from "../document";
import { resourceAddress } from "../inventory";
import { JsonValue } from "../json-bytes";
import type { AddressOwners } from "../split-state";
import type { Declarations, Declared } from "./declared";

export interface Relocation {
  /** Of an instance, as Terraform prints it. */
  readonly from: string;
  readonly to: string;
  readonly why: "module" | "name" | "key";
}

export interface Relocated {
  /** The state as it is once the objects are where the stacks have them. */
  readonly state: StateDocument;
  readonly relocations: readonly Relocation[];
}

/** Arguments that tell one object of a type from another in AWS. */
const identifying = [
  "name",
  "bucket",
  "identifier",
  "cluster_identifier",
  "family",
  "function_name",
  "domain_name",
  "domain",
  "alias",
  "group_name",
  "table_name",
  "role_name",
  "repository_name",
  "queue_name",
  "dashboard_name",
  "alarm_name",
];

export function relocate(state: StateDocument, owners: AddressOwners, declarations: Declarations): Relocated {
  const held = new Set(state.resources.filter(({ instances }) => instances.length > 0).map(resourceAddress));
  const missing = [...declarations].filter(([address]) => !held.has(address));
  const strays = state.resources.filter(
    (resource) =>
      resource.mode === "managed" && resource.instances.length > 0 && owners.ownerOf(resource) === undefined,
  );
  const pairs = new Map([...pairUp(strays, missing), ...pairUpByModuleKeys(strays, missing)]);
  const relocations: Relocation[] = [];
  const resources = state.resources.map((resource) => {
    const target = pairs.get(resource);
    const moved = target === undefined ? resource : at(resource, target);
    const declared = declarations.get(resourceAddress(moved));
    const rekeyed = resource.mode === "managed" && declared !== undefined ? withDeclaredKey(moved, declared) : moved;
    rekeyed.instances.forEach((instance, index) => {
      const before = instanceAt(resource, resource.instances[index] ?? instance);
      const after = instanceAt(rekeyed, instance);
      if (before !== after) relocations.push({ from: before, to: after, why: target?.why ?? "key" });
    });
    return rekeyed;
  });
  return { state: relocations.length === 0 ? state : { ...state, resources: merged(resources) }, relocations };
}

function instanceAt(resource: StateResource, { index_key: key }: StateInstance): string {
  return resourceAddress(resource) + keySuffix(key);
}

function at({ module: _, ...resource }: StateResource, { address, key }: Pair): StateResource {
  const [type = "", name = ""] = address.split(".");
  const moved = { ...(resource as StateResource), type, name };
  return key === undefined ? moved : withKeys(moved, [key]);
}

interface Pair {
  readonly address: string;
  readonly why: "module" | "name";
  /** Of the one instance, where the module's key has become the resource's. */
  readonly key?: string | number;
}

/** One resource each, as a state has them: its instances may have come from several modules. */
function merged(resources: readonly StateResource[]): StateResource[] {
  const byAddress = new Map<string, StateResource>();
  for (const resource of resources) {
    const address = resourceAddress(resource);
    const there = byAddress.get(address);
    const instances = [...(there?.instances ?? []), ...resource.instances];
    byAddress.set(address, there === undefined ? resource : { ...there, instances });
  }
  return [...byAddress.values()];
}

/** Each stray with the one missing resource that it can be, where neither has another choice. */
function pairUp(
  strays: readonly StateResource[],
  missing: readonly (readonly [string, Declared])[],
): Map<StateResource, Pair> {
  const choices = strays.map((stray) => {
    const typed = missing.filter(([, { type }]) => type === stray.type);
    const same = typed.filter(([, { block }]) => isSameObject(stray, block));
    const named = typed.filter(([address]) => stray.module !== undefined && address === `${stray.type}.${stray.name}`);
    const agreeing = named.filter(([, { block }]) => !contradicts(stray, block));
    const [only, ...others] = same.length > 0 ? same : agreeing;
    return { stray, address: others.length === 0 ? only?.[0] : undefined };
  });
  const taken = new Map<string, number>();
  for (const { address } of choices) if (address !== undefined) taken.set(address, (taken.get(address) ?? 0) + 1);
  return new Map(
    choices.flatMap(({ stray, address }) =>
      address === undefined || taken.get(address) !== 1
        ? []
        : [[stray, { address, why: stray.module === undefined ? "name" : "module" }] as const],
    ),
  );
}

/** Strays of a module that is there once for each key, with the missing resource that has the same keys. */
function pairUpByModuleKeys(
  strays: readonly StateResource[],
  missing: readonly (readonly [string, Declared])[],
): Map<StateResource, Pair> {
  const groups = new Map<string, { readonly stray: StateResource; readonly key: string | number }[]>();
  for (const stray of strays) {
    const all = steps(stray.module ?? "") ?? [];
    const [key, ...others] = all.flatMap(({ keys }) => keys);
    const [only, ...more] = stray.instances;
    if (key === undefined || others.length > 0 || more.length > 0 || only?.index_key !== undefined) continue;
    const group = [stray.type, stray.name, ...all.map(({ name }) => name)].join(" ");
    groups.set(group, [...(groups.get(group) ?? []), { stray, key }]);
  }
  const found = [...groups.values()].flatMap((members) => {
    const keys = members.map(({ key }) => String(key)).sort();
    const fitting = missing.filter(
      ([, { type, keys: declared, block }]) =>
        type === members[0]?.stray.type &&
        declared !== undefined &&
        declared.every((key) => key !== undefined) &&
        declared.map(String).sort().join("\n") === keys.join("\n") &&
        members.every(({ stray }) => !contradicts(stray, block)),
    );
    const [only, ...others] = fitting;
    return only === undefined || others.length > 0 ? [] : [{ members, address: only[0], declared: only[1].keys ?? [] }];
  });
  const isAlone = (address: string) => found.filter((one) => one.address === address).length === 1;
  return new Map(
    found
      .filter(({ address }) => isAlone(address))
      .flatMap(({ members, address, declared }) =>
        members.map(({ stray, key }) => {
          const own = declared.find((one) => String(one) === String(key)) ?? key;
          return [stray, { address, why: "module", key: own }] as const;
        }),
      ),
  );
}

function constants(block: Declared["block"]): [string, string][] {
  return identifying.flatMap((name) => {
    const value = block[name];
    return typeof value === "string" && !/[$%]\{/.test(value) ? [[name, value]] : [];
  });
}

function isSameObject({ instances }: StateResource, block: Declared["block"]): boolean {
  const [only, ...others] = instances;
  const named = constants(block);
  return (
    others.length === 0 &&
    named.length > 0 &&
    named.every(([name, value]) => only !== undefined && textAttribute(only, name) === value)
  );
}

function contradicts({ instances }: StateResource, block: Declared["block"]): boolean {
  return constants(block).some(([name, value]) =>
    instances.some((instance) => (textAttribute(instance, name) ?? value) !== value),
  );
}

/** One instance with a key where the stack's has none, or the other way round, is the same object. */
function withDeclaredKey(resource: StateResource, { keys }: Declared): StateResource {
  return withKeysOfOtherType(resource, keys ?? []) ?? withOnlyKey(resource, keys);
}

/** `["0"]` of a for_each where the stack has count, or the other way round. */
function withKeysOfOtherType(resource: StateResource, keys: NonNullable<Declared["keys"]>): StateResource | undefined {
  const byText = new Map(keys.flatMap((key) => (key === undefined ? [] : [[String(key), key] as const])));
  const wanted = resource.instances.map(({ index_key: own }) =>
    own === undefined ? undefined : byText.get(String(own)),
  );
  const isWhole = wanted.length > 0 && wanted.length === keys.length && !wanted.includes(undefined);
  if (!isWhole || wanted.every((key, index) => key === resource.instances[index]?.index_key)) return undefined;
  return withKeys(resource, wanted);
}

function withKeys(resource: StateResource, keys: readonly (string | number | undefined)[]): StateResource {
  const each = JsonValue.of(typeof keys[0] === "number" ? "list" : "map");
  const instances = resource.instances.map((instance, index) => withKey(instance, keys[index]));
  return { ...resource, further: { ...resource.further, each }, instances };
}

function withOnlyKey(resource: StateResource, keys: Declared["keys"]): StateResource {
  const [instance, ...others] = resource.instances;
  const [key, ...more] = keys ?? [];
  if (keys === undefined || keys.length === 0 || instance === undefined || others.length > 0 || more.length > 0)
    return resource;
  const own = instance.index_key;
  if (own === key || (own !== undefined && key !== undefined)) return resource;
  const { each: _, ...further } = resource.further ?? {};
  const each: StateResource["further"] =
    key === undefined ? {} : { each: JsonValue.of(typeof key === "number" ? "list" : "map") };
  return { ...resource, further: { ...further, ...each }, instances: [withKey(instance, key)] };
}

function withKey({ index_key: _, ...instance }: StateInstance, key: string | number | undefined): StateInstance {
  const members = instance.json.members();
  members.delete("index_key");
  if (key !== undefined) members.set("index_key", JsonValue.of(key));
  const parts = [...members].map(([name, value], index) =>
    Buffer.concat([Buffer.from(`${index === 0 ? "" : ","}${JSON.stringify(name)}:`), value.slice]),
  );
  const json = JsonValue.whole(Buffer.concat([Buffer.from("{"), ...parts, Buffer.from("}")]));
  return { ...instance, ...(key !== undefined && { index_key: key }), json };
}
