/** Expressions of HCL in one line. */

import { heredocTemplate } from "./heredoc";
import { closing, type Group, isFor, isGroup, isMark, members, type Node, parsed } from "./nodes";
import type { Token } from "./scanner";
import { quotedTemplate, templateParts } from "./template";

const plainKey = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;
const keywords = ["for", "true", "false", "null"];

export function keyText(key: readonly Node[]): string {
  const [only] = key;
  if (key.length === 1 && only !== undefined && !isGroup(only) && only.kind === "string") {
    const inner = only.text.slice(1, -1);
    if (plainKey.test(inner) && !keywords.includes(inner)) return inner;
  }
  return flat(key);
}

function isOperand(node: Node | undefined): boolean {
  return node !== undefined && (isGroup(node) || node.kind !== "mark" || node.text === "*");
}

/** Whether there is a space between two neighbours. */
function isSpaced(before: Node, node: Node, earlier: Node | undefined): boolean {
  if (isMark(node, ",", ".", "...") || isMark(before, ".")) return false;
  // Signs in front of an operand.
  if (isMark(before, "!") || (isMark(before, "-") && !isOperand(earlier))) return false;
  if (isGroup(node) && node.open === "(")
    return isGroup(before) || before.kind === "mark" || ["in", "if"].includes(before.text);
  if (isGroup(node) && node.open === "[") {
    return !isGroup(before) && (before.kind === "mark" ? before.text !== "*" : ["in", "if"].includes(before.text));
  }
  return true;
}

function flatToken(token: Token): string {
  if (token.kind === "string") return `"${tidyTemplate(token.text.slice(1, -1))}"`;
  if (token.kind === "heredoc") return quotedTemplate(templateParts(heredocTemplate(token.text)), flatText);
  return token.text;
}

/** A template as it is, its expressions and directives in one way. */
export function tidyTemplate(template: string): string {
  const parts = templateParts(template).map(({ kind, text }) => {
    if (kind === "text") return text;
    if (kind === "expression") return `\${${flatText(text)}}`;
    const [, open, inner = "", close] = /^(.\{~?)(.*?)(~?\})$/s.exec(text) ?? [];
    return `${open}${flatText(inner)}${close}`;
  });
  return parts.join("");
}

function flatGroup(group: Group): string {
  const { open } = group;
  const end = closing[open];
  if (open !== "{" || isFor(group.nodes)) {
    const inner = flat(group.nodes.filter((node, at, all) => at < all.length - 1 || !isMark(node, ",")));
    return open === "{" ? `{ ${inner} }` : `${open}${inner}${end}`;
  }
  const all = members(group).map(({ key, value }) => `${keyText(key)} = ${flat(value)}`);
  return all.length === 0 ? "{}" : `{ ${all.join(", ")} }`;
}

export function flat(nodes: readonly Node[]): string {
  return nodes
    .map((node, at) => {
      const text = isGroup(node) ? flatGroup(node) : flatToken(node);
      const before = nodes[at - 1];
      return before !== undefined && isSpaced(before, node, nodes[at - 2]) ? ` ${text}` : text;
    })
    .join("");
}

function flatText(expression: string): string {
  return flat(parsed(expression));
}
