/** Addresses and references as Terraform prints them, taken apart: keys can hold any character, dots and brackets too. */

export type InstanceKey = string | number;

/** A step of `aws_ssm_parameter.shared["a"].name`: a name after a dot, or an index in brackets. */
export interface Step {
  readonly name: string;
  /** Index keys that follow the name. */
  readonly keys: readonly InstanceKey[];
}

export interface Address {
  /** Names of the modules around it, without their keys. */
  readonly modules: readonly string[];
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly key?: InstanceKey;
}

/** What Go counts as printable: letters, marks, numbers, punctuation, symbols, and the space. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" };

/** A string in quotes as Terraform writes it into an address. https://github.com/hashicorp/terraform, addrs/instance_key.go */
export function quoted(text: string): string {
  const characters = [...text].map((character) => {
    const escaped = escapes[character];
    if (escaped !== undefined) return escaped;
    if (printable.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `"${characters.join("").replace(/[$%](?=\{)/g, (sign) => sign + sign)}"`;
}

/** The content of a string literal of HCL, without its quotes. */
export function unquoted(inner: string): string {
  const plain: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
  return inner.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4\{/gsu,
    (whole, short, long, one, sign) => {
      if (sign !== undefined) return `${sign}{`;
      if (one !== undefined) return plain[one] ?? whole;
      const code = Number.parseInt(short ?? long, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** `["a"]`, `[0]`, or nothing. */
export function keySuffix(key: InstanceKey | undefined | null): string {
  if (key === undefined || key === null) return "";
  return typeof key === "number" ? `[${key}]` : `[${quoted(key)}]`;
}

const stepPattern = /(?:^|\.)([\p{ID_Start}_][\p{ID_Continue}-]*|\d+|\*)/uy;
const keyPattern = /\[\s*(?:"((?:\\.|[^"\\])*)"|(\d+)|\*)\s*\]/suy;

/** @returns undefined for what is no chain of names and literal keys */
export function steps(text: string): Step[] | undefined {
  const found: { name: string; keys: InstanceKey[] }[] = [];
  let at = 0;
  while (at < text.length) {
    const pattern = text[at] === "[" ? keyPattern : stepPattern;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    if (pattern === stepPattern) found.push({ name: match[1] ?? "", keys: [] });
    else found.at(-1)?.keys.push(match[2] !== undefined ? Number(match[2]) : unquoted(match[1] ?? "*"));
    at = pattern.lastIndex;
  }
  return found;
}

interface Taken {
  readonly address: Address;
  /** What follows the address: the attributes of a reference. */
  readonly rest: readonly Step[];
}

function take(text: string): Taken | undefined {
  const all = steps(text);
  if (all === undefined) return undefined;
  const modules: string[] = [];
  let at = 0;
  while (all[at]?.name === "module" && all[at + 1] !== undefined) {
    modules.push(all[at + 1]?.name ?? "");
    at += 2;
  }
  const mode = all[at]?.name === "data" ? "data" : "managed";
  if (mode === "data") at += 1;
  const [type, name] = [all[at], all[at + 1]];
  if (type === undefined || name === undefined) return undefined;
  const address = {
    modules,
    mode,
    type: type.name,
    name: name.name,
    ...(name.keys[0] !== undefined && { key: name.keys[0] }),
  } as const;
  return { address, rest: all.slice(at + 2) };
}

/** @returns undefined for what is no address of a resource or an instance */
export function parseAddress(text: string): Address | undefined {
  const taken = take(text.replace(/ \(deposed \w+\)$/, ""));
  return taken?.rest.length === 0 ? taken.address : undefined;
}

const notResources = ["var", "local", "each", "count", "self", "path", "terraform", "module"];

/** What an expression refers to: a resource of its own module, and the attribute's path in it. */
export function parseReference(
  text: string,
): { readonly resource: string; readonly path: readonly string[] } | undefined {
  const taken = take(text);
  if (taken === undefined || notResources.includes(taken.address.type) || taken.address.modules.length > 0)
    return undefined;
  const path = taken.rest.flatMap(({ name, keys }) => [name, ...keys.map(String)]);
  return { resource: configurationAddress(taken.address), path };
}

/** The address of the block: without any key. */
export function configurationAddress({ modules, mode, type, name }: Omit<Address, "key">): string {
  return `${modules.map((module) => `module.${module}.`).join("")}${mode === "data" ? "data." : ""}${type}.${name}`;
}

/** The same of an instance's address as it is printed; what is none stays what it is. */
export function withoutKeys(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : configurationAddress(parsed);
}
