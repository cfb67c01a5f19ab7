/**
 * Templates: what a string of Terraform's JSON syntax is, and the inside of a heredoc.
 * https://developer.hashicorp.com/terraform/language/expressions/strings
 */
import { sequenceEnd } from "./scanner";

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  /** `${…}`: `text` is the expression in it. */
  | { readonly kind: "expression"; readonly text: string }
  /** `%{…}`, and `${~ … ~}`, as they are written. */
  | { readonly kind: "directive"; readonly text: string };

/** @param text in which a backslash is a backslash, and `$${` and `%%{` stand for `${` and `%{`; text parts keep them so */
export function templateParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  let at = 0;
  const endText = () => {
    if (at > from) parts.push({ kind: "text", text: text.slice(from, at) });
  };
  while (at < text.length) {
    if (text.startsWith("$${", at) || text.startsWith("%%{", at)) {
      at += 3;
    } else if (text.startsWith("${", at) || text.startsWith("%{", at)) {
      endText();
      const end = sequenceEnd(text, at);
      const whole = text.slice(at, end);
      const isPlain = whole.startsWith("${") && !/^\$\{~|~\}$/.test(whole);
      parts.push(isPlain ? { kind: "expression", text: whole.slice(2, -1) } : { kind: "directive", text: whole });
      at = from = end;
    } else {
      at += 1;
    }
  }
  endText();
  return parts;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" };

/** The inside of a quoted string; what looks like a template stays what it is. */
export function escaped(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped.
    /[\u0000-\u001f"\\\u007f]/g,
    (character) => escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text in which nothing is a template, as a template. */
export function asTemplate(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** @param flat writes an expression in one line */
export function quotedTemplate(parts: readonly TemplatePart[], flat: (expression: string) => string): string {
  const inside = parts.map((part) => {
    if (part.kind === "text") return escaped(part.text);
    return part.kind === "expression" ? `\${${flat(part.text)}}` : part.text;
  });
  return `"${inside.join("")}"`;
}

/**
 * A text of several lines as a heredoc.
 * @param indent of its lines, where that doesn't change its value
 * @returns undefined for what a heredoc can't hold
 */
export function heredoc(text: string, indent: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only a quoted string can name them.
  if (!/\n[\s\S]*\n$/.test(text) || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return undefined;
  const lines = text.slice(0, -1).split("\n");
  const marker = ["EOT", "EOF", "END_OF_TEXT"].find((one) => !lines.some((line) => line.trim() === one));
  if (marker === undefined) return undefined;
  // Trimming, and expressions over lines, don't go with taking indentation away.
  const isPlain = templateParts(text).every(({ kind, text: part }) => kind === "text" || !/[\n~]/.test(part));
  const isIndentable = isPlain && lines.some((line) => /^\S/.test(line)) && lines.every((line) => !/^\s+$/.test(line));
  if (!isIndentable) return `<<${marker}\n${text}${marker}`;
  const indented = lines.map((line) => (line === "" ? line : indent + line));
  return `<<-${marker}\n${indented.join("\n")}\n${indent.slice(2)}${marker}`;
}
