/** Values of Terraform's JSON syntax as expressions of HCL. https://developer.hashicorp.com/terraform/language/syntax/json */
import { expressionText } from "./expression";
import { tidyTemplate } from "./flat";
import { asTemplate, heredoc, quotedTemplate, templateParts } from "./template";

export interface ValueOptions {
  /** Of the argument. */
  readonly indent: string;
  /** Where the value begins, after the indentation. */
  readonly column: number;
  /** Whether `${` in its strings is text, as where Terraform evaluates nothing. @default false */
  readonly literal?: boolean;
}

/** As an argument's value. */
export function valueText(value: unknown, { indent, column, literal = false }: ValueOptions): string {
  if (typeof value === "string") {
    const whole = heredoc(tidyTemplate(literal ? asTemplate(value) : value), `${indent}  `);
    if (whole !== undefined) return whole;
  }
  return expressionText(source(value, literal), indent, column);
}

/** What stands between the braces of a string that is nothing but `${…}`; any other string as it is: an address, a type. */
export function bare(text: string): string {
  const [only, ...others] = templateParts(text);
  return only?.kind === "expression" && others.length === 0 ? only.text.trim() : text;
}

/** In one line, for `expressionText` to lay out. */
function source(value: unknown, literal: boolean): string {
  if (typeof value === "string") return stringSource(literal ? asTemplate(value) : value);
  if (Array.isArray(value)) return `[${value.map((item) => source(item, literal)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) => {
      const name = quotedTemplate(templateParts(literal ? asTemplate(key) : key), String);
      return `${name} = ${source(member, literal)}`;
    });
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(value ?? null);
}

function stringSource(text: string): string {
  const document = encodedDocument(text);
  return document === undefined ? quotedTemplate(templateParts(text), String) : `jsonencode(${source(document, true)})`;
}

/** What `jsonencode` would make this very text of. */
function encodedDocument(text: string): unknown {
  if (!/^[[{].*[\]}]$/s.test(text) || text.includes("${") || text.includes("%{")) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return encoded(document) === text ? document : undefined;
  } catch {
    return undefined;
  }
}

function encoded(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return sorted.replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
