import { Fn, Token } from "cdktf";

/**
 * JSON text for an argument such as `container_definitions` or `policy`, from a value that may hold Terraform
 * expressions (cdktf tokens) in any place of a value.
 *
 * Literals become JSON text at synth; a value with an expression in it becomes `${jsonencode(…)}` in its place, so that
 * Terraform quotes whatever it evaluates to. Text that looks like a Terraform template (`${`, `%{`) stays text. Absent
 * (undefined) properties are left out. `Fn.jsonencode` over the whole document would leave quotation marks unescaped,
 * render null in lists as nothing, and synthesize slower.
 */
export function jsonDocument(value: unknown): string {
  if (typeof value === "string") {
    return Token.isUnresolved(value)
      ? `\${jsonencode("${quotedTemplate(value)}")}`
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

/** Text in which Terraform shall see no template. cdktf's own placeholders, `${TfToken[…]}`, are left alone. */
function literalTemplate(text: string): string {
  return text.replace(/\$\{(?!TfToken\[)/g, "$$$${").replaceAll("%{", "%%{");
}

/** The inside of a quoted HCL string. https://developer.hashicorp.com/terraform/language/expressions/strings */
function quotedTemplate(text: string): string {
  return literalTemplate(JSON.stringify(text).slice(1, -1));
}
