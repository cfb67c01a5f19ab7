/** What a state holds, instance by instance, and whether several states hold the same together. */
import { createHash } from "node:crypto";
import { isLosslessNumber } from "lossless-json";
import type { StateDocument, StateInstance, StateResource } from "./document";

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
  if (key === undefined || key === null) return "";
  if (isLosslessNumber(key)) return `[${key.value}]`;
  return `[${JSON.stringify(String(key)).replace(/[$%](?=\{)/g, (sign) => sign + sign)}]`;
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
function saysNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (isLosslessNumber(value) && Number(value.value) === 0)
  );
}

function canonical(value: unknown): string {
  if (isLosslessNumber(value)) return value.value;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function fingerprint({ provider }: StateResource, instance: StateInstance): string {
  const { attributes, dependencies, ...rest } = instance;
  const fields = Object.entries(rest).filter(([, value]) => !saysNothing(value));
  const sorted = Array.isArray(dependencies) ? [...dependencies].sort() : [];
  return sha256(canonical([provider, attributes ?? null, sorted, Object.fromEntries(fields)]));
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
  return items.length === 0 ? sha256("[]{}") : sha256(JSON.stringify(items) + canonical(document.outputs));
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

/** Objects that an apply left unfinished: tainted, or deposed by a replacement and not destroyed yet. */
export function unfinishedInstances(document: StateDocument): { resource: StateResource; instance: StateInstance }[] {
  return document.resources.flatMap((resource) =>
    resource.instances
      .filter(({ status, deposed }) => status === "tainted" || deposed !== undefined)
      .map((instance) => ({ resource, instance })),
  );
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
