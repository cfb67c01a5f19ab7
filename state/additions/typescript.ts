/** Values of Terraform's JSON syntax as TypeScript that a property of a binding takes. */
import { templateParts } from "../../terraform/hcl/template";
import { camelCase, type TypedBinding } from "./bindings";
import { type Body, documentIn, isObject } from "./source";

/** What the bindings have no place for: it goes by `addOverride`. */
export class Untyped extends Error {}

export interface Accessor {
  /** Called where the code takes it. */
  readonly code: () => string;
  /** As the binding declares it. */
  readonly type: string;
}

export interface Writer {
  /** TypeScript for an expression that is one reference, where there is some. */
  readonly accessor: (expression: string) => Accessor | undefined;
  /** Told of each name that the code needs from a module. */
  readonly need: (name: string, module: string) => void;
}

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A text as TypeScript; several lines of it over several lines. */
export function quoted(value: string): string {
  if (!/\n[\s\S]/.test(value)) return JSON.stringify(value);
  return `\`${inBackticks(value)}\``;
}

function inBackticks(value: string): string {
  return value.replace(/\\|`|\$\{/g, (one) => `\\${one}`).replaceAll("\r", "\\r");
}

/** In which nothing is evaluated. */
export function plain(value: unknown): string {
  if (typeof value === "string") return quoted(value.replace(/([$%])\1\{/g, "$1{"));
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.entries(value).map(
    ([name, inner]) => `${key(name.replace(/([$%])\1\{/g, "$1{"))}: ${plain(inner)}`,
  );
  return `{ ${members.join(", ")} }`;
}

/** Of any shape, in Terraform's own names. */
export function literal(value: unknown, writer: Writer): string {
  if (typeof value === "string") return text(value, "any", writer);
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, writer)).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const document = documentIn(value);
  if (document !== undefined) return jsonDocument(document.document, writer);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${key(name)}: ${literal(inner, writer)}`)
    .join(", ")} }`;
}

/** @param type of the property, as the binding declares it */
export function typed(value: unknown, type: string, binding: TypedBinding, writer: Writer): string {
  const plainType = type.replace(/ \| cdktf\.IResolvable/g, "").trim();
  const shape = binding.interfaces.get(plainType.replace(/\[\]$/, ""));
  if (typeof value === "string") return text(value, plainType, writer);
  if (shape !== undefined) {
    const bodies = (Array.isArray(value) ? value : [value]).map((one) => {
      if (!isObject(one)) throw new Untyped();
      return properties(one, shape, binding, writer);
    });
    if (plainType.endsWith("[]")) return `[${bodies.join(", ")}]`;
    if (bodies.length !== 1) throw new Untyped();
    return bodies[0] ?? "";
  }
  if (plainType === "any" || (plainType === "string" && documentIn(value) !== undefined)) return literal(value, writer);
  if (Array.isArray(value)) {
    if (!plainType.endsWith("[]")) throw new Untyped();
    return `[${value.map((one) => typed(one, plainType.slice(0, -2), binding, writer)).join(", ")}]`;
  }
  const member = /^\{\s*\[key: string\]: (.*?);?\s*\}$/s.exec(plainType)?.[1];
  if (isObject(value)) {
    if (member === undefined || documentIn(value) !== undefined) throw new Untyped();
    const members = Object.entries(value).map(([name, one]) => `${key(name)}: ${typed(one, member, binding, writer)}`);
    return `{ ${members.join(", ")} }`;
  }
  if (plainType === "string" && (typeof value === "number" || typeof value === "boolean"))
    return JSON.stringify(String(value));
  if (plainType === typeof value) return JSON.stringify(value);
  throw new Untyped();
}

export function properties(
  body: Body,
  shape: ReadonlyMap<string, string>,
  binding: TypedBinding,
  writer: Writer,
): string {
  const all = Object.entries(body).flatMap(([name, value]) => {
    if (value === null) return [];
    const type = shape.get(camelCase(name));
    if (type === undefined) throw new Untyped();
    return [`${camelCase(name)}: ${typed(value, type, binding, writer)}`];
  });
  return `{ ${all.join(", ")} }`;
}

const asTokens: Readonly<Record<string, string>> = {
  number: "Token.asNumber",
  "string[]": "Token.asList",
  "number[]": "Token.asNumberList",
  boolean: "Token.asAny",
};

function text(value: string, type: string, writer: Writer): string {
  const parts = templateParts(value);
  const [only, ...others] = parts;
  const isExpression = only?.kind === "expression" && others.length === 0;
  if (!isExpression && parts.every(({ kind }) => kind === "text")) {
    if (type === "string" || type === "any") return quoted(value);
    if (type === "number" && value !== "" && Number.isFinite(Number(value))) return value;
    if (type === "boolean" && /^(true|false)$/.test(value)) return value;
    throw new Untyped();
  }
  if (isExpression) {
    const found = writer.accessor(only.text);
    if (found !== undefined && (type === found.type || type === "any")) return found.code();
  }
  if (type !== "string" && type !== "any") {
    writer.need("Token", "cdktf");
    const call = asTokens[type] ?? (/^\{ ?\s*\[key: string\]: string/.test(type) ? "Token.asStringMap" : "Token.asAny");
    return `${call}(${quoted(value)})`;
  }
  const found = parts.map((part) => (part.kind === "expression" ? textCode(part.text, writer) : undefined));
  if (found.every((code) => code === undefined)) return quoted(value);
  const pieces = parts.map((part, at) => {
    const code = found[at];
    if (code !== undefined) return `\${${code}}`;
    return inBackticks(part.kind === "expression" ? `\${${part.text}}` : part.text);
  });
  return `\`${pieces.join("")}\``;
}

/** Within a text, only what is one. */
function textCode(expression: string, writer: Writer): string | undefined {
  const found = writer.accessor(expression);
  return found?.type === "string" ? found.code() : undefined;
}

/** `jsonDocument` takes texts as they are: in it, nothing is a template but what the code puts there. */
function jsonDocument(document: unknown, writer: Writer): string {
  writer.need("jsonDocument", "../constructs/terraform/json-document");
  return `jsonDocument(${inDocument(document, writer)})`;
}

function inDocument(value: unknown, writer: Writer): string {
  if (Array.isArray(value)) return `[${value.map((one) => inDocument(one, writer)).join(", ")}]`;
  const unescaped = (part: string) => part.replace(/([$%])\1\{/g, "$1{");
  if (isObject(value)) {
    const inner = documentIn(value);
    if (inner !== undefined) return jsonDocument(inner.document, writer);
    const members = Object.entries(value).map(([name, one]) => `${key(unescaped(name))}: ${inDocument(one, writer)}`);
    return `{ ${members.join(", ")} }`;
  }
  if (typeof value !== "string") return JSON.stringify(value ?? null);
  const parts = templateParts(value);
  if (parts.every(({ kind }) => kind === "text")) return quoted(unescaped(value));
  const codeOf = (expression: string, code: string | undefined): string => {
    if (code !== undefined) return code;
    writer.need("ref", "cdktf");
    return `ref(${quoted(expression.trim())})`;
  };
  const [only, ...others] = parts;
  if (only?.kind === "expression" && others.length === 0) return codeOf(only.text, writer.accessor(only.text)?.code());
  const pieces = parts.map((part) =>
    part.kind === "expression"
      ? `\${${codeOf(part.text, textCode(part.text, writer))}}`
      : inBackticks(unescaped(part.text)),
  );
  return `\`${pieces.join("")}\``;
}
