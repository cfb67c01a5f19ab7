/** Blocks of a hand-written module in Terraform's JSON syntax. */

import { unquoted } from "../../terraform/address";
import { heredocTemplate } from "../../terraform/hcl/heredoc";
import { tokens } from "../../terraform/hcl/scanner";
import { asTemplate, templateParts } from "../../terraform/hcl/template";
import { bare } from "../../terraform/hcl/value";
import type { SourceBlock, SourceValue } from "../../terraform/source/block";

export type Body = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Key of what `jsonencode` got, in an object of its own. */
const documentKey = "jsonencode()";

/** @returns what `jsonencode` got; undefined for everything else */
export function documentIn(value: unknown): { readonly document: unknown } | undefined {
  return isObject(value) && documentKey in value ? { document: value[documentKey] } : undefined;
}

/** Expressions in keys, and directives, have no place in the code's documents. */
function isPlainDocument(value: unknown): boolean {
  if (typeof value === "string") return templateParts(value).every(({ kind }) => kind !== "directive");
  if (Array.isArray(value)) return value.every(isPlainDocument);
  if (!isObject(value)) return true;
  return Object.entries(value).every(
    ([key, inner]) => templateParts(key).every(({ kind }) => kind === "text") && isPlainDocument(inner),
  );
}

export function jsonOf(value: SourceValue): unknown {
  const { constant, items, elements, call } = value;
  const text = value.text.trim();
  if (constant !== undefined) return typeof constant === "string" ? asTemplate(constant) : constant;
  if (items !== undefined) return items.map(jsonOf);
  if (elements !== undefined) {
    return Object.fromEntries([...elements].map(([key, inner]) => [asKey(key), jsonOf(inner)]));
  }
  const [argument, ...others] = call?.name === "jsonencode" ? call.arguments : [];
  if (argument !== undefined && others.length === 0 && (argument.items ?? argument.elements) !== undefined) {
    const document = jsonOf(argument);
    if (isPlainDocument(document)) return { [documentKey]: document };
  }
  if (/^-(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  if (text.startsWith("<<")) return heredocTemplate(text);
  return isQuoted(text) ? template(text.slice(1, -1)) : `\${${text}}`;
}

/** Whether it is one quoted template; what only begins with one is an expression. */
function isQuoted(text: string): boolean {
  if (!text.startsWith('"')) return false;
  const [only, ...others] = tokens(text);
  return only?.kind === "string" && others.length === 0;
}

function asKey(key: string): string {
  if (key.startsWith("(") && key.endsWith(")")) return `\${${key.slice(1, -1)}}`;
  return key.startsWith('"') && key.endsWith('"') ? template(key.slice(1, -1)) : asTemplate(key);
}

/** The inside of a quoted string: its escapes are none in the JSON syntax. */
function template(inner: string): string {
  return templateParts(inner)
    .map(({ kind, text }) =>
      kind === "text" ? asTemplate(unquoted(text)) : kind === "expression" ? `\${${text}}` : text,
    )
    .join("");
}

/** Arguments whose strings are addresses or keywords in the JSON syntax, by the block that has them. */
const bareArguments: Readonly<Record<string, readonly string[]>> = {
  resource: ["depends_on", "provider"],
  data: ["depends_on", "provider"],
  output: ["depends_on"],
  module: ["depends_on", "providers"],
  variable: ["type"],
  lifecycle: ["ignore_changes", "replace_triggered_by"],
  provisioner: ["when", "on_failure"],
  dynamic: ["iterator"],
};

function bareIn(value: unknown): unknown {
  if (typeof value === "string") return bare(value);
  if (Array.isArray(value)) return value.map(bareIn);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [bare(key), bareIn(inner)]));
}

/** Arguments, and blocks as lists. */
export function bodyOf({ type, attributes, blocks }: SourceBlock): Body {
  const names = bareArguments[type] ?? [];
  const body: Record<string, unknown> = Object.fromEntries(
    [...attributes].map(([name, value]) => [name, names.includes(name) ? bareIn(jsonOf(value)) : jsonOf(value)]),
  );
  for (const block of blocks) {
    const inner = block.labels.reduceRight<unknown>((content, label) => ({ [label]: content }), bodyOf(block));
    const before = body[block.type];
    body[block.type] = [...(Array.isArray(before) ? before : []), inner];
  }
  return body;
}

/** Expressions anywhere in a value. */
export function expressionsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return templateParts(value).flatMap(({ kind, text }) => (kind === "text" ? [] : [text]));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...expressionsIn(key), ...expressionsIn(inner)]);
}

const reference =
  /(?<![\w.-])(data\.[a-z]\w*\.[\p{L}_][\p{L}\d_-]*|(?:var|local|module)\.[\p{L}_][\p{L}\d_-]*|(?!(?:each|count|self|path|terraform|var|local|module|data)\.)[a-z]\w*_\w+\.[\p{L}_][\p{L}\d_-]*)/gu;

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** Addresses that a body refers to: resources, data sources, variables, locals and modules. */
export function referencesOf(body: unknown): string[] {
  const expressions = expressionsIn(body).map((text) => text.replace(/"(?:[^"\\$]|\\.)*"/g, '""'));
  const { depends_on: named, lifecycle } = (body ?? {}) as Body;
  const [life] = Array.isArray(lifecycle) ? (lifecycle as Body[]) : [];
  const all = [...expressions, ...texts(named), ...texts(life?.replace_triggered_by)];
  return [...new Set(all.flatMap((text) => text.match(reference) ?? []))];
}

/** Configurations of providers that a resource or module names: `aws.east`. */
export function providersOf(body: Body): string[] {
  const { provider, providers } = body;
  const passed = isObject(providers) ? Object.values(providers) : [];
  return [provider, ...passed].filter((one): one is string => typeof one === "string");
}
