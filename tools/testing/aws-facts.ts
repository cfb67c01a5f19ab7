/**
 * Arguments, blocks and attributes of the AWS provider's types, as generated bindings (`@cdktf/provider-aws`,
 * `@cdktn/provider-aws`) tell them: the only schema of a provider that can be had without its binary.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** By path (`global_secondary_index.hash_key`): `argument string`, `required string`, `block set`, `attribute list`. */
export type TypeFacts = Readonly<Record<string, string>>;

export interface AwsFacts {
  readonly provider: string;
  /** Of `@cdktf/provider-aws` or its successor. */
  readonly bindings: string;
  /** By type: `provider`, `aws_lb`, `data.aws_vpc`. */
  readonly types: Readonly<Record<string, TypeFacts>>;
}

const argument =
  /^ {8}(?: {4})?(\w+): \{\n\s*value: (.*(?:this\._|struct\.)\w+\)?.*),\n\s*isBlock: (true|false),\n\s*type: "(\w+)",\n\s*storageClassType: "(\w+)",/gm;
const hclWriter = /(?:this|cdkt[fn])\.\w+|(\w+)ToHclTerraform\b/g;
const getter = /^ {4}get \w+\(\) \{\n\s*return this\.get(\w+?)Attribute\('([a-z0-9_]+)'\);/gm;
const innerGetter = /^ {4,8}(?:this\.)?_(\w+) = new (\w+?)(?:List|Map|OutputReference)?\(this, "([a-z0-9_]+)"(.*)\);/gm;

/** The source of one exported class or function, up to the next. */
function part(source: string, start: RegExp): string {
  const at = source.search(start);
  if (at < 0) return "";
  const end = source.slice(at).search(/\n\}\n/);
  return source.slice(at, at + end + 2);
}

interface Sources {
  readonly code: string;
  readonly types: string;
}

/** Whether an interface's property has no question mark. */
function isRequired({ types }: Sources, name: string, property: string): boolean {
  return new RegExp(`^ {4}readonly ${property}: `, "m").test(
    part(types, new RegExp(`^export interface ${name} `, "m")),
  );
}

function addArguments(facts: Map<string, string>, sources: Sources, text: string, owner: string, prefix: string): void {
  for (const [, name = "", value = "", isBlock, type = "", storage] of text.matchAll(argument)) {
    const property = /(?:this\._|struct\.)(\w+)/.exec(value)?.[1]?.replace(/\.internalValue$/, "") ?? "";
    const kind = type === "simple" || (isBlock === "true" && type === "struct") ? (storage ?? type) : type;
    if (isBlock === "false") {
      const word = isRequired(sources, owner, property) ? "required" : "argument";
      facts.set(prefix + name, `${word} ${kind}`);
      continue;
    }
    facts.set(prefix + name, `${isRequired(sources, owner, property) ? "required block" : "block"} ${type}`);
    const inner = [...value.matchAll(hclWriter)].map(([, found]) => found).find((found) => found !== undefined);
    if (inner === undefined) continue;
    const body = part(sources.code, new RegExp(`^function ${inner}ToHclTerraform\\(`, "m"));
    const interfaceName = inner.charAt(0).toUpperCase() + inner.slice(1);
    addArguments(facts, sources, body, interfaceName, `${prefix}${name}.`);
  }
}

function addAttributes(facts: Map<string, string>, sources: Sources, text: string, prefix: string): void {
  for (const [, type = "", name = ""] of text.matchAll(getter)) {
    const kind = type.charAt(0).toLowerCase() + type.slice(1);
    if (!facts.has(prefix + name)) facts.set(prefix + name, `attribute ${kind}`);
  }
  for (const [, , inner = "", name = "", rest = ""] of text.matchAll(innerGetter)) {
    if (!facts.has(prefix + name)) facts.set(prefix + name, `attribute ${/true/.test(rest) ? "set" : "list"}`);
    const body = part(sources.code, new RegExp(`^class ${inner}OutputReference extends `, "m"));
    if (body !== text) addAttributes(facts, sources, body, `${prefix}${name}.`);
  }
}

/** `aws_lb`: `lb`; `data.aws_vpc`: `data-aws-vpc`; `provider`: `provider`. */
function folderOf(type: string): string {
  return type
    .replace(/^data\./, "data-")
    .replace(/^aws_/, "")
    .replaceAll("_", "-");
}

function typeFacts(bindings: string, type: string): TypeFacts {
  const folder = join(bindings, "lib", folderOf(type));
  const read = (ending: string) => {
    const file = join(folder, `index${ending}`);
    return existsSync(file) ? readFileSync(file, "utf8").replaceAll("cdktn.", "cdktf.") : "";
  };
  const sources = { code: read(".js"), types: read(".d.ts") };
  if (sources.code === "") throw new Error(`${bindings} has no ${type}`);
  const base = type === "provider" ? "Provider" : type.startsWith("data.") ? "DataSource" : "Resource";
  const declared = new RegExp(`^class (\\w+) extends cdktf\\.Terraform${base} \\{`, "m").exec(sources.code)?.[1] ?? "";
  const text = part(sources.code, new RegExp(`^class ${declared} extends `, "m"));
  const facts = new Map<string, string>();
  addArguments(facts, sources, text, `${declared}Config`, "");
  addAttributes(facts, sources, text, "");
  return Object.fromEntries([...facts].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * @param bindings folder of the package
 * @param types `provider`, `aws_lb`, `data.aws_vpc`
 * @throws Error where the bindings lack one
 */
export function awsFacts(bindings: string, types: readonly string[]): AwsFacts {
  const { name, version } = JSON.parse(readFileSync(join(bindings, "package.json"), "utf8"));
  const provider = readFileSync(join(bindings, "lib", "provider", "index.js"), "utf8");
  return {
    provider: /providerVersion: '([^']+)'/.exec(provider)?.[1] ?? "",
    bindings: `${name} ${version}`,
    types: Object.fromEntries([...types].sort().map((type) => [type, typeFacts(bindings, type)])),
  };
}
