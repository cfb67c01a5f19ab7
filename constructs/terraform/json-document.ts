import { Fn, type IResolvable, type IResolveContext, Token } from "cdktf";

/**
 * JSON text for an argument such as `container_definitions` or `policy`, from a value that may hold Terraform
 * expressions (cdktf tokens) in any place of a value.
 *
 * Literals become JSON text at synth; a value with an expression in it becomes `${jsonencode(…)}` in its place, so that
 * Terraform quotes whatever it evaluates to. Text that looks like a Terraform template (`${`, `%{`) stays text. Absent
 * (undefined) properties are left out. `Fn.jsonencode` over the whole document would refuse quotation marks, render null
 * in lists as nothing, and synthesize slower.
 */
export function jsonDocument(value: unknown): string {
  if (typeof value === "string") {
    return Token.isUnresolved(value)
      ? Token.asString(new EncodedTemplate(value))
      : literalTemplate(JSON.stringify(value));
  }
  if (Token.isUnresolved(value)) return Fn.jsonencode(value);
  if (Array.isArray(value)) return `[${value.map(jsonDocument).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${jsonDocument(key)}:${jsonDocument(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Text in which Terraform shall see no template. */
function literalTemplate(text: string): string {
  return text.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}

/** cdktf's placeholder of an expression within a string. */
const placeholder = /(\$\{TfToken\[[^\]]+\]\})/;

/** `jsonencode("text ${expression} text")`, its text quoted as HCL wants it, which `Fn.jsonencode` leaves to its caller. */
class EncodedTemplate implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(private readonly text: string) {}

  resolve(context: IResolveContext): string {
    const inExpression = context.suppressBraces === true;
    context.suppressBraces = true;
    const parts = this.text.split(placeholder).map((part) =>
      // https://developer.hashicorp.com/terraform/language/expressions/strings: HCL's escapes are JSON's.
      placeholder.test(part) ? `\${${context.resolve(part)}}` : literalTemplate(JSON.stringify(part).slice(1, -1)),
    );
    context.suppressBraces = inExpression;
    const call = `jsonencode("${parts.join("")}")`;
    return inExpression ? call : `\${${call}}`;
  }

  toString(): string {
    return Token.asString(this);
  }

  toJSON(): unknown {
    return "<jsonencode>";
  }
}
