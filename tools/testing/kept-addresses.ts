/** The addresses that a state has and a change must keep, and what becomes of each in synthesized stacks. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { instanceKeys as literalKeys } from "../../terraform/synthesized";

export interface KeptAddress {
  /** Id of the stack, and so of the state. */
  readonly stack: string;
  /** With its instance key, where it has one: `aws_ecr_repository.repo["envoy"]`. */
  readonly address: string;
}

/** Relative to the project: what 02-app's state has. `DOMAIN` stands for the team's domain. */
export const goldenAddresses = join("__tests__", "golden", "addresses.txt");
/** Relative to the project: what a team's services and additions have besides. */
export const teamAddresses = join("__tests__", "additions", "addresses.txt");

/** One `STACK ADDRESS` a line. */
export function readAddresses(file: string): KeptAddress[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, stack = "", address = ""] = /^(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
      return { stack, address };
    });
}

export function addressLines(addresses: readonly KeptAddress[]): string {
  return addresses.map(({ stack, address }) => `${stack.padEnd(8)} ${address}\n`).join("");
}

type Block = Readonly<Record<string, unknown>>;

/** The part of a synthesized stack that decides on addresses. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly module?: Readonly<Record<string, unknown>>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** The instance keys of a block, as they stand in addresses. @returns undefined where only Terraform knows them */
function instanceKeys(block: Block): readonly string[] | undefined {
  const { for_each: each, count } = block;
  if (typeof count === "number") return Array.from({ length: count }, (_, index) => `[${index}]`);
  if (count !== undefined) return undefined;
  if (each === undefined) return [""];
  const quoted = (keys: readonly string[]) => keys.map((key) => `["${key}"]`);
  if (typeof each === "object" && each !== null) return quoted(Object.keys(each));
  const listed = literalKeys({ block });
  return listed && quoted(listed);
}

function holds(json: StackJson, address: string): boolean {
  const [, module] = /^module\.([^.[]+)/.exec(address) ?? [];
  if (module !== undefined) return json.module?.[module] !== undefined;
  const [, type = "", name = "", key = ""] = /^([^.]+)\.([^[]+)(\[.*\])?$/s.exec(address) ?? [];
  const block = json.resource?.[type]?.[name];
  if (block === undefined) return false;
  const keys = instanceKeys(block);
  return keys === undefined ? key !== "" : keys.includes(key);
}

/** Whether Terraform finds what the address has: at the address itself, or where a `moved` block leads. */
function keeps(json: StackJson, address: string): boolean {
  if (holds(json, address)) return true;
  return (json.moved ?? []).some(({ from, to }) => from === address && holds(json, to));
}

/** What the stacks have lost, one line each, with what may have become of it. */
export function lostAddresses(kept: readonly KeptAddress[], stacks: Readonly<Record<string, StackJson>>): string[] {
  const known = new Set(kept.map(({ stack, address }) => `${stack} ${address.replace(/\[.*/s, "")}`));
  return kept
    .filter(({ stack, address }) => !keeps(stacks[stack] ?? {}, address))
    .map(({ stack, address }) => {
      const elsewhere = Object.keys(stacks).find((id) => id !== stack && holds(stacks[id] ?? {}, address));
      if (elsewhere !== undefined) return `${address} (${stack}): it is in the stack ${elsewhere} now, another state`;
      const [type = ""] = address.split(".");
      const names = Object.keys(stacks[stack]?.resource?.[type] ?? {}).map((name) => `${type}.${name}`);
      const fresh = names.filter((name) => !known.has(`${stack} ${name}`));
      return `${address} (${stack})${fresh.length === 0 ? "" : `: new of its type is ${fresh.join(", ")}`}`;
    });
}
