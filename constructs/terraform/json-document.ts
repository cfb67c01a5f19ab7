import { type IResolvable, type IResolveContext, Token } from "cdktf";

/**
 * JSON text for an argument such as `container_definitions` or `policy`, from a value that may hold Terraform
 * expressions (cdktf tokens) in any place of a value.
 *
 * It becomes one `${jsonencode(…)}` over the document, so that Terraform quotes whatever an expression evaluates to. Text
 * that looks like a Terraform template (`${`, `%{`) stays text. Absent (undefined) properties are left out.
 * `Fn.jsonencode` does the same in intention, but refuses or corrupts quotation marks, renders null in lists as nothing,
 * and synthesizes slower.
 */
export function jsonDocument(value: unknown): string {
  return Token.asString(new EncodedDocument(value));
}

/** cdktf's placeholder of an expression within a string. */
const placeholder = /(\$\{TfToken\[[^\]]+\]\})/;

class EncodedDocument implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(private readonly document: unknown) {}

  resolve(context: IResolveContext): string {
    const inExpression = context.suppressBraces === true;
    context.suppressBraces = true;
    const call = `jsonencode(${expression(this.document, context)})`;
    context.suppressBraces = inExpression;
    return inExpression ? call : `\${${call}}`;
  }

  toString(): string {
    return Token.asString(this);
  }

  toJSON(): unknown {
    return this.document;
  }
}

/**
 * A value in HCL: JSON, with templates for strings.
 * https://developer.hashicorp.com/terraform/language/expressions/types#literal-expressions
 */
function expression(value: unknown, context: IResolveContext): string {
  if (typeof value === "string") return quotedTemplate(value, context);
  if (typeof value === "object" && value !== null && !Token.isUnresolved(value)) {
    if (Array.isArray(value)) return `[${value.map((item) => expression(item, context)).join(",")}]`;
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${quoted(key)}:${expression(member, context)}`).join(",")}}`;
  }
  return Token.isUnresolved(value) ? String(context.resolve(value)) : JSON.stringify(value);
}

function quotedTemplate(text: string, context: IResolveContext): string {
  const parts = text.split(placeholder);
  const [, only] = parts;
  if (parts.length === 1) return quoted(text);
  if (parts.length === 3 && only !== undefined && text === only) return String(context.resolve(only));
  return `"${parts.map((part) => (placeholder.test(part) ? `\${${context.resolve(part)}}` : literal(part))).join("")}"`;
}

function quoted(text: string): string {
  return `"${literal(text)}"`;
}

/** The inside of a quoted HCL string in which no template is seen. HCL's escapes are JSON's without \b and \f. */
function literal(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\([bf\\])/g, (sequence, what) => (what === "b" ? "\\u0008" : what === "f" ? "\\u000c" : sequence))
    .replaceAll("${", "$$${")
    .replaceAll("%{", "%%{");
}
