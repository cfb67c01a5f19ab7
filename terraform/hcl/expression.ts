/** Writes expressions of HCL as a person would: in one line where that reads well, otherwise over as many as it takes. */
import { flat, keyText } from "./flat";
import { closing, type Group, isFor, isGroup, isMark, items, type Member, members, type Node, parsed } from "./nodes";

const width = 120;

/** Whether a value is a collection with something in it, by itself or as a function's only argument. */
function collectionIn(nodes: readonly Node[]): Group | undefined {
  const last = nodes.at(-1);
  if (!isGroup(last) || last.nodes.length === 0) return undefined;
  if (nodes.length === 1) return last.open === "(" ? undefined : last;
  if (last.open !== "(" || items(last).length !== 1) return undefined;
  return collectionIn(last.nodes);
}

function holdsObject(nodes: readonly Node[]): boolean {
  return nodes.some(
    (node) => isGroup(node) && ((node.open === "{" && node.nodes.length > 0) || holdsObject(node.nodes)),
  );
}

/** What is not written in one line, even where there is space. */
function isForced(nodes: readonly Node[], isArgument: boolean): boolean {
  const group = collectionIn(nodes);
  if (group === undefined) return false;
  const [first] = nodes;
  const isDocument = !isGroup(first) && (first?.text === "jsonencode" || first?.text === "yamlencode");
  return isDocument || holdsObject(group.nodes) || (isArgument && group.open === "{");
}

/** @param column where it begins, after the indentation of its line */
function written(nodes: readonly Node[], indent: string, column: number, isArgument = false): string {
  const inOneLine = flat(nodes);
  const fits = indent.length + column + inOneLine.length <= width;
  return fits && !isForced(nodes, isArgument) ? inOneLine : overLines(nodes, indent, inOneLine);
}

function overLines(nodes: readonly Node[], indent: string, inOneLine: string): string {
  const last = nodes.at(-1);
  const before = nodes.slice(0, -1);
  // Only what is a single term ends with its group.
  const isTerm = before.every((node) => !isGroup(node) && (node.kind === "name" || node.text === "."));
  if (last !== undefined && isGroup(last) && last.open === "(" && before.length === 0) return inOneLine;
  const isIndex = isGroup(last) && last.open === "[" && before.length > 0;
  if (!isGroup(last) || last.nodes.length === 0 || !isTerm || isIndex) return inOneLine;
  return flat(before) + groupOverLines(last, indent);
}

function groupOverLines(group: Group, indent: string): string {
  const { open } = group;
  const inner = `${indent}  `;
  const lines = (texts: readonly string[]) => `${open}\n${texts.join("\n")}\n${indent}${closing[open]}`;
  if (open !== "(" && isFor(group.nodes)) return lines([inner + forOverLines(group.nodes, inner)]);
  if (open === "{") return lines(memberLines(members(group), inner));
  const all = items(group);
  const [only] = all;
  // A single argument or item opens in the same line.
  if (all.length === 1 && only !== undefined && collectionIn(only) !== undefined) {
    const text = overLines(only, indent, flat(only));
    if (open === "(" || (/^\{\n/.test(text) && holdsObject(collectionIn(only)?.nodes ?? []))) {
      return `${open}${text}${closing[open]}`;
    }
  }
  let texts = all.map((item) => written(item, inner, 1));
  // Objects that stand below each other look alike.
  if (texts.some((text) => text.startsWith("{\n"))) texts = all.map((item) => overLines(item, inner, flat(item)));
  return lines(texts.map((text) => `${inner}${text},`.replace(/\.\.\.,$/, "...")));
}

function forOverLines(nodes: readonly Node[], indent: string): string {
  const last = nodes.at(-1);
  if (!isGroup(last) || last.open === "(" || last.nodes.length === 0 || !isMark(nodes.at(-2), ":", "=>")) {
    return flat(nodes);
  }
  const before = flat(nodes.slice(0, -1));
  return `${before} ${written([last], indent, before.length + 1, true)}`;
}

function memberLines(all: readonly Member[], indent: string): string[] {
  const written_ = all.map(({ key, value }) => {
    const name = keyText(key);
    return { name, text: written(value, indent, name.length + 3) };
  });
  return aligned(written_, indent);
}

export interface Assignment {
  readonly name: string;
  readonly text: string;
}

/** `name = value` in the columns of `terraform fmt`: those of single lines that follow each other. */
export function aligned(all: readonly Assignment[], indent: string): string[] {
  const isHeredoc = (one: Assignment | undefined) => one?.text.startsWith("<<") ?? false;
  const isSingle = (one: Assignment | undefined) => one !== undefined && !one.text.includes("\n");
  return all.map((one, at) => {
    if (!isSingle(one) && !isHeredoc(one)) return `${indent}${one.name} = ${one.text}`;
    let [from, to] = [at, at];
    while (isSingle(all[from - 1])) from -= 1;
    while (isSingle(all[to]) && (isSingle(all[to + 1]) || isHeredoc(all[to + 1]))) to += 1;
    const columns = Math.max(...all.slice(from, to + 1).map(({ name }) => [...name].length));
    return `${indent}${one.name}${" ".repeat(columns - [...one.name].length)} = ${one.text}`;
  });
}

/**
 * An expression as the value of an argument.
 * @param indent of the argument
 * @param column where the expression begins, after the indentation
 */
export function expressionText(expression: string, indent = "", column = 0): string {
  return written(parsed(expression), indent, column, true);
}
