/** What a state holds, instance by instance, and whether several states hold the same together. */
import { createHash } from "node:crypto";
import { keySuffix } from "../terraform/address";
import { canonicalBytes } from "./canonical";
import { hasAttributes, type StateDocument, type StateInstance, type StateResource } from "./document";
import { JsonValue } from "./json-bytes";

export interface InventoryItem {
  /** With module and instance key: `module.web.aws_instance.box["a"]`; a deposed object's has its key behind it. */
  readonly address: string;
  readonly mode: "managed" | "data";
  /** SHA-256 over everything of the object, provider included. */
  readonly fingerprint: string;
}

/** What several states together do wrong by one; all empty where they are its disjoint union. */
export interface InventoryDifference {
  readonly lost: readonly string[];
  readonly added: readonly string[];
  readonly altered: readonly string[];
  readonly duplicated: readonly string[];
}

/** As Terraform prints it: escaped as in HCL. */
export function instanceKey(key: StateInstance["index_key"]): string {
  return keySuffix(key);
}

/** The address of a resource without instance key, but with its module's keys. */
export function resourceAddress({ module, mode, type, name }: StateResource): string {
  return `${module === undefined ? "" : `${module}.`}${mode === "data" ? "data." : ""}${type}.${name}`;
}

export function instanceAddress(resource: StateResource, { index_key, deposed }: StateInstance): string {
  const address = resourceAddress(resource) + instanceKey(index_key);
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

/** Whether a field says no more than its absence: Terraform versions differ in what they write out. */
function saysNothing(value: JsonValue): boolean {
  if (value.kind === "list") return value.items().length === 0;
  return (value.kind === "word" && value.text !== "true") || (value.kind === "number" && Number(value.text) === 0);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The order of dependencies says nothing either. */
function fingerprint({ provider }: StateResource, { json }: StateInstance): string {
  const members = json.members();
  const dependencies = members.get("dependencies")?.items() ?? [];
  const hash = createHash("sha256").update(JSON.stringify([provider, dependencies.map(({ text }) => text).sort()]));
  members.delete("dependencies");
  for (const [name, value] of [...members].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!saysNothing(value)) hash.update(`\n${JSON.stringify(name)}:`).update(canonicalBytes(value));
  }
  return hash.digest("hex");
}

export function inventory(document: StateDocument): InventoryItem[] {
  return document.resources.flatMap((resource) =>
    resource.instances.map((instance) => ({
      address: instanceAddress(resource, instance),
      mode: resource.mode,
      fingerprint: fingerprint(resource, instance),
    })),
  );
}

/** What identifies a state's content, whatever its serial, lineage and writer. */
export function contentDigest(document: StateDocument | undefined): string {
  if (document === undefined) return sha256("[]{}");
  const items = inventory(document)
    .map(({ address, fingerprint }) => `${address} ${fingerprint}`)
    .sort();
  // A state without resources counts as empty, whichever outputs it has kept.
  if (items.length === 0) return sha256("[]{}");
  const { outputs } = document;
  const written = canonicalBytes(outputs instanceof JsonValue ? outputs : JsonValue.of(outputs));
  return createHash("sha256").update(JSON.stringify(items)).update(written).digest("hex");
}

export function inventoryDifference(whole: StateDocument, parts: readonly StateDocument[]): InventoryDifference {
  const expected = new Map(inventory(whole).map((item) => [item.address, item.fingerprint]));
  const seen = new Set<string>();
  const difference = { added: [] as string[], altered: [] as string[], duplicated: [] as string[] };
  for (const { address, fingerprint } of parts.flatMap(inventory)) {
    if (seen.has(address)) difference.duplicated.push(address);
    else if (!expected.has(address)) difference.added.push(address);
    else if (expected.get(address) !== fingerprint) difference.altered.push(address);
    seen.add(address);
  }
  return { ...difference, lost: [...expected.keys()].filter((address) => !seen.has(address)) };
}

/** The instances of `part` that `whole` lacks or holds otherwise. */
export function notWithin(part: StateDocument, whole: StateDocument): string[] {
  const held = new Map(inventory(whole).map((item) => [item.address, item.fingerprint]));
  return inventory(part)
    .filter(({ address, fingerprint }) => held.get(address) !== fingerprint)
    .map(({ address }) => address);
}

export interface UnfinishedInstance {
  readonly resource: StateResource;
  readonly instance: StateInstance;
  /** `deposed`: by a replacement, and not destroyed yet. `without attributes`: a state that was cut or written by hand. */
  readonly what: "tainted" | "deposed" | "without attributes";
}

/** Objects that an apply left unfinished, or of which the state says nothing. */
export function unfinishedInstances(document: StateDocument): UnfinishedInstance[] {
  return document.resources.flatMap((resource) =>
    resource.instances.flatMap((instance) => {
      const what = unfinishedAs(resource, instance);
      return what === undefined ? [] : [{ resource, instance, what }];
    }),
  );
}

function unfinishedAs({ mode }: StateResource, instance: StateInstance): UnfinishedInstance["what"] | undefined {
  if (instance.deposed !== undefined) return "deposed";
  if (instance.status === "tainted") return "tainted";
  return mode === "managed" && !hasAttributes(instance) ? "without attributes" : undefined;
}

/** What a state manages, by address. */
export function managedInstances(document: StateDocument): { resource: StateResource; address: string }[] {
  return document.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap((resource) =>
      resource.instances.map((instance) => ({ resource, address: instanceAddress(resource, instance) })),
    )
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}
