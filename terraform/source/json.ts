/** Reads the JSON syntax of Terraform. https://developer.hashicorp.com/terraform/language/syntax/json */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Node } from "jsonc-parser";
import { project } from "../../lib/project";
import type { SourceBlock, SourceValue } from "./block";

/** How many labels the blocks of the top level have. */
const labelCounts: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  provider: 1,
  module: 1,
  variable: 1,
  output: 1,
  check: 1,
};

export function readJson(text: string, file: string): SourceBlock[] {
  // Past the bundler, which can't follow what this package requires.
  const { parseTree } = createRequire(join(project, "package.json"))("jsonc-parser") as typeof import("jsonc-parser");
  const content = text.replace(/^\uFEFF/, "");
  const root = parseTree(content);
  if (root === undefined) return [];
  const starts = [...content.matchAll(/\n/g)].map(({ index }) => index);
  const source: Source = {
    file,
    text: content,
    lineOf: (offset) => {
      let [low, high] = [0, starts.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] as number) < offset) low = middle + 1;
        else high = middle;
      }
      return low + 1;
    },
  };
  return properties(root).flatMap(([type, value, offset]) =>
    blocksOf(type, value, offset, labelCounts[type] ?? 0, [], source),
  );
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lineOf: (offset: number) => number;
}

/** Of an object, or of every object of a list. Keys `//` are comments. */
function properties(node: Node): [key: string, value: Node, offset: number][] {
  if (node.type === "array") return (node.children ?? []).flatMap(properties);
  if (node.type !== "object") return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined || key.value === "//" ? [] : [[String(key.value), value, key.offset]],
  );
}

function blocksOf(
  type: string,
  node: Node,
  offset: number,
  labelsLeft: number,
  labels: readonly string[],
  source: Source,
): SourceBlock[] {
  if (labelsLeft > 0) {
    return properties(node).flatMap(([label, value, at]) =>
      blocksOf(type, value, at, labelsLeft - 1, [...labels, label], source),
    );
  }
  const bodies = node.type === "array" ? (node.children ?? []) : [node];
  return bodies
    .filter((body) => body.type === "object")
    .map((body) => ({
      type,
      labels,
      file: source.file,
      line: source.lineOf(node.type === "array" ? body.offset : offset),
      attributes: new Map(properties(body).map(([name, value, at]) => [name, sourceValue(value, at, source)])),
      blocks: [],
    }));
}

function sourceValue(node: Node, offset: number, source: Source): SourceValue {
  const place = {
    file: source.file,
    line: source.lineOf(offset),
    text: source.text.slice(node.offset, node.offset + node.length),
  };
  if (node.type === "object") {
    const elements = properties(node).map(([key, value, at]) => [key, sourceValue(value, at, source)] as const);
    return { ...place, elements: new Map(elements) };
  }
  if (node.type === "array") {
    return { ...place, items: (node.children ?? []).map((item) => sourceValue(item, item.offset, source)) };
  }
  // A string is a template.
  const isTemplate = typeof node.value === "string" && /[$%]\{/.test(node.value);
  return isTemplate ? { ...place, text: node.value } : { ...place, constant: node.value };
}
