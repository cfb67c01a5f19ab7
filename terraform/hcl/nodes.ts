/** Expressions of HCL as tokens in nested brackets. */
import { type Token, tokens } from "./scanner";
import { templateParts } from "./template";

export interface Group {
  readonly open: "(" | "[" | "{";
  readonly nodes: readonly Node[];
}
export type Node = Token | Group;

const operators = ["+", "-", "*", "/", "%", "==", "!=", "<=", ">=", "<", ">", "&&", "||", "?", "!", "."];
export const closing = { "(": ")", "[": "]", "{": "}" } as const;

export function isGroup(node: Node | undefined): node is Group {
  return node !== undefined && "open" in node;
}

export function isMark(node: Node | undefined, ...marks: readonly string[]): boolean {
  return node !== undefined && !isGroup(node) && node.kind === "mark" && marks.includes(node.text);
}

function isNewline(node: Node): boolean {
  return !isGroup(node) && node.kind === "newline";
}

export function isFor(nodes: readonly Node[]): boolean {
  const [first, second] = nodes.filter((node) => !isNewline(node));
  return first !== undefined && !isGroup(first) && first.text === "for" && !isMark(second, "=", ":");
}

/** Line ends count between the members of an object alone. */
function grouped(all: readonly Token[]): Node[] {
  let at = 0;
  const read = (open: Group["open"] | undefined): Node[] => {
    const nodes: Node[] = [];
    while (at < all.length) {
      const token = all[at] as Token;
      at += 1;
      if (token.kind === "mark" && (token.text === "(" || token.text === "[" || token.text === "{")) {
        nodes.push({ open: token.text, nodes: read(token.text) });
      } else if (token.kind === "mark" && [")", "]", "}"].includes(token.text)) {
        if (open === undefined || closing[open] !== token.text) throw new Error(`Unmatched ${token.text}`);
        return open === "{" && !isFor(nodes) ? nodes : nodes.filter((node) => !isNewline(node));
      } else {
        nodes.push(token);
      }
    }
    if (open !== undefined) throw new Error(`Unmatched ${open}`);
    return nodes.filter((node) => !isNewline(node));
  };
  return read(undefined);
}

/** The text of `"${x}"` is the value of x. */
function unwrapped(nodes: readonly Node[], isObject = false): Node[] {
  // What binds an operand closer than any operator in it could.
  const binds = (node: Node | undefined) =>
    isGroup(node) ? node.open === "[" : node !== undefined && node.kind === "mark" && operators.includes(node.text);
  return nodes.flatMap((node, at): Node[] => {
    if (isGroup(node)) {
      return [{ ...node, nodes: unwrapped(node.nodes, node.open === "{" && !isFor(node.nodes)) }];
    }
    const [only, ...others] = node.kind === "string" ? templateParts(node.text.slice(1, -1)) : [];
    if (only?.kind !== "expression" || others.length > 0) return [node];
    const inner = unwrapped(grouped(tokens(only.text)));
    const [before, after] = [nodes[at - 1], nodes[at + 1]];
    const isFirst = before === undefined || isMark(before, ",") || isNewline(before);
    if (isObject && isFirst && isMark(after, "=", ":")) return [{ open: "(", nodes: inner }];
    const isTerm = inner.every((one) => isGroup(one) || one.kind !== "mark" || one.text === ".");
    const isFree = !binds(before) && !binds(after);
    return isTerm || isFree ? inner : [{ open: "(", nodes: inner }];
  });
}

function separated(nodes: readonly Node[], isSeparator: (node: Node) => boolean): Node[][] {
  const lists: Node[][] = [[]];
  for (const node of nodes) {
    if (isSeparator(node)) lists.push([]);
    else lists.at(-1)?.push(node);
  }
  return lists.filter((list) => list.length > 0);
}

export const items = ({ nodes }: Group) => separated(nodes, (node) => isMark(node, ","));

export interface Member {
  readonly key: readonly Node[];
  readonly value: readonly Node[];
}

export function members({ nodes }: Group): Member[] {
  return separated(nodes, (node) => isMark(node, ",") || isNewline(node)).map((list) => {
    const at = list.findIndex((node) => isMark(node, "=", ":"));
    return { key: list.slice(0, at), value: list.slice(at + 1) };
  });
}

/** The nodes of an expression. */
export function parsed(expression: string): Node[] {
  return unwrapped(grouped(tokens(expression)));
}
