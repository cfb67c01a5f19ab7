/** Reads the native syntax of Terraform with the grammar that editors use, loaded when it is first needed. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Node, Parser as ParserType } from "web-tree-sitter";
import { project } from "../../lib/project";
import { unquoted } from "../address";
import type { SourceBlock, SourceValue } from "./block";

let parser: Promise<ParserType> | undefined;

async function load(): Promise<ParserType> {
  const { Language, Parser } = require("web-tree-sitter") as typeof import("web-tree-sitter");
  // By their paths: where the package is bundled, it would look for its files beside the bundle.
  const { resolve } = createRequire(join(project, "package.json"));
  await Parser.init({ wasmBinary: readFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm")) });
  const grammar = resolve("@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm");
  const made = new Parser();
  made.setLanguage(await Language.load(readFileSync(grammar)));
  return made;
}

/** @param file for the places of what is found */
export async function readNative(text: string, file: string): Promise<SourceBlock[]> {
  parser ??= load();
  const tree = (await parser).parse(text.replace(/^\uFEFF/, ""));
  try {
    return tree === null ? [] : bodyOf(tree.rootNode, file).blocks;
  } finally {
    tree?.delete();
  }
}

function children(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null && child.type !== "comment");
}

function bodyOf(node: Node, file: string): { attributes: Map<string, SourceValue>; blocks: SourceBlock[] } {
  const attributes = new Map<string, SourceValue>();
  const blocks: SourceBlock[] = [];
  for (const child of children(node)) {
    if (child.type === "attribute") {
      const [name, expression] = children(child);
      if (name !== undefined && expression !== undefined) attributes.set(name.text, sourceValue(expression, file));
    } else if (child.type === "block") {
      blocks.push(blockOf(child, file));
    } else if (child.type === "body" || child.type === "ERROR") {
      const inner = bodyOf(child, file);
      for (const [name, value] of inner.attributes) attributes.set(name, value);
      blocks.push(...inner.blocks);
    }
  }
  return { attributes, blocks };
}

function blockOf(node: Node, file: string): SourceBlock {
  const [type, ...rest] = children(node);
  const labels = rest.filter((child) => child.type === "identifier" || child.type === "string_lit");
  return {
    type: type?.text ?? "",
    labels: labels.map((label) => (label.type === "identifier" ? label.text : stringOf(label))),
    file,
    line: node.startPosition.row + 1,
    ...bodyOf(node, file),
  };
}

function stringOf(literal: Node): string {
  return unquoted(literal.text.slice(1, -1));
}

function sourceValue(expression: Node, file: string): SourceValue {
  const place = { file, line: expression.startPosition.row + 1, text: expression.text };
  const [inner] = children(expression);
  if (inner === undefined || children(expression).length > 1) return place;
  if (inner.type === "expression") return { ...sourceValue(inner, file), ...place };
  if (inner.type === "literal_value") {
    const [literal] = children(inner);
    return {
      ...place,
      constant: literal?.type === "string_lit" ? stringOf(literal) : JSON.parse(jsonLiteral(inner.text)),
    };
  }
  if (inner.type === "function_call") return { ...place, call: callOf(inner, file) };
  if (inner.type !== "collection_value") return place;
  const [collection] = children(inner);
  if (collection?.type === "tuple") {
    const items = children(collection).filter(({ type }) => type === "expression");
    return { ...place, items: items.map((item) => sourceValue(item, file)) };
  }
  if (collection?.type !== "object") return place;
  const elements = new Map<string, SourceValue>();
  for (const element of children(collection)) {
    const [key, value] = element.type === "object_elem" ? children(element) : [];
    if (key === undefined || value === undefined) continue;
    const { constant, text } = sourceValue(key, file);
    elements.set(constant === undefined ? text : String(constant), {
      ...sourceValue(value, file),
      line: key.startPosition.row + 1,
    });
  }
  return { ...place, elements };
}

function callOf(node: Node, file: string): SourceValue["call"] {
  const [name, given] = children(node);
  const all = given === undefined ? [] : children(given).filter(({ type }) => type === "expression");
  return { name: name?.text ?? "", arguments: all.map((one) => sourceValue(one, file)) };
}

/** Numbers that HCL takes and JSON doesn't are not worth a parser: `007`. */
function jsonLiteral(text: string): string {
  return /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(text) ? text : JSON.stringify(text);
}
