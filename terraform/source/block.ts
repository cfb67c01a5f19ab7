/** Terraform configuration as its source says it: blocks and arguments, with their lines. */

export interface SourceValue {
  readonly file: string;
  readonly line: number;
  /** As it is written, on however many lines. */
  readonly text: string;
  /** Absent where it is an expression. */
  readonly constant?: string | number | boolean | null;
  /** Of an object: by key. */
  readonly elements?: ReadonlyMap<string, SourceValue>;
  /** Of a list. */
  readonly items?: readonly SourceValue[];
  /** Of what is nothing but the call of a function. */
  readonly call?: { readonly name: string; readonly arguments: readonly SourceValue[] };
}

export interface SourceBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** Relative to the root module. */
  readonly file: string;
  readonly line: number;
  readonly attributes: ReadonlyMap<string, SourceValue>;
  readonly blocks: readonly SourceBlock[];
}

/** What a path leads to, or the last thing on the way that is there. */
export interface Found {
  readonly file: string;
  readonly line: number;
  /** Absent where it is a block. */
  readonly value?: SourceValue;
}

/** The argument at a path like `["network_configuration", "0", "subnets"]`; undefined where the block doesn't have the first of it. */
export function findArgument(block: SourceBlock, path: readonly string[]): Found | undefined {
  const [name = "", ...rest] = path;
  const value = block.attributes.get(name);
  if (value !== undefined) return findInside(value, rest);
  const inner = [
    ...block.blocks.filter(({ type }) => type === name),
    // What a dynamic block makes many of.
    ...block.blocks
      .filter(({ type, labels }) => type === "dynamic" && labels[0] === name)
      .flatMap(({ blocks }) => blocks.filter(({ type }) => type === "content")),
  ];
  const isIndex = /^\d+$/.test(rest[0] ?? "");
  const chosen = (isIndex ? inner[Number(rest[0])] : undefined) ?? inner[0];
  if (chosen === undefined) return undefined;
  const further = isIndex ? rest.slice(1) : rest;
  const found = further.length === 0 ? undefined : findArgument(chosen, further);
  return found ?? { file: chosen.file, line: chosen.line };
}

function findInside(value: SourceValue, path: readonly string[]): Found {
  const [key, ...rest] = path;
  const inner = key === undefined ? undefined : (value.elements?.get(key) ?? value.items?.[Number(key)]);
  // A block of the JSON syntax that is there once is no list.
  if (inner === undefined && key === "0" && value.elements !== undefined) return findInside(value, rest);
  return inner === undefined ? { file: value.file, line: value.line, value } : findInside(inner, rest);
}
