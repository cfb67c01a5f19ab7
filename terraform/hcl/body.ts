/** Bodies of blocks, as data and as text in the form of `terraform fmt`. */
import { type Assignment, aligned } from "./expression";
import { type ValueOptions, valueText } from "./value";

export type Item = Attribute | Block;

export interface Attribute {
  readonly kind: "attribute";
  readonly name: string;
  readonly value: unknown;
  /** `text`: nothing in it is a template. `bare`: an expression as it is written. @default "template" */
  readonly as?: "template" | "text" | "bare";
  /** Whether a blank line follows. @default false */
  readonly isHead?: boolean;
}

export interface Block {
  readonly kind: "block";
  readonly type: string;
  readonly labels: readonly string[];
  readonly items: readonly Item[];
  /** Above it. @default none */
  readonly comment?: string;
}

export function attribute(name: string, value: unknown, as: Attribute["as"] = "template"): Attribute {
  return { kind: "attribute", name, value, as };
}

export function block(type: string, labels: readonly string[], items: readonly Item[], comment?: string): Block {
  return { kind: "block", type, labels, items, comment };
}

function attributeText({ name, value, as }: Attribute, indent: string): string {
  if (as === "bare") return bareText(value, indent, name.length + 3);
  const options: ValueOptions = { indent, column: name.length + 3, literal: as === "text" };
  return valueText(value, options);
}

function bareText(value: unknown, indent: string, column: number): string {
  if (!Array.isArray(value)) return String(value);
  const inOneLine = `[${value.join(", ")}]`;
  if (indent.length + column + inOneLine.length <= 100) return inOneLine;
  return `[\n${value.map((one) => `${indent}  ${one},`).join("\n")}\n${indent}]`;
}

export function blockText({ type, labels, items, comment }: Block, indent = ""): string {
  const head = [type, ...labels.map((label) => JSON.stringify(label))].join(" ");
  const above = comment === undefined ? "" : `${indent}# ${comment}\n`;
  if (items.length === 0) return `${above}${indent}${head} {}`;
  return `${above}${indent}${head} {\n${bodyText(items, `${indent}  `)}\n${indent}}`;
}

/** Arguments of one line stand together; what takes several comes after them, each a paragraph of its own. */
function bodyText(items: readonly Item[], indent: string): string {
  const paragraphs: string[] = [];
  let single: Assignment[] = [];
  let several: Assignment[] = [];
  const end = () => {
    for (const lines of [single, ...several.map((one) => [one])]) {
      if (lines.length > 0) paragraphs.push(aligned(lines, indent).join("\n"));
    }
    single = [];
    several = [];
  };
  for (const item of items) {
    if (item.kind === "block") {
      end();
      paragraphs.push(blockText(item, indent));
      continue;
    }
    const text = attributeText(item, indent);
    (text.includes("\n") ? several : single).push({ name: item.name, text });
    if (item.isHead) end();
  }
  end();
  return paragraphs.join("\n\n");
}
