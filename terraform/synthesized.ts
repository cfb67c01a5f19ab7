/** Looks into synthesized stacks: resources, what refers to what, and texts for people in the place of expressions. */

import { unquoted } from "./address";

type Block = Readonly<Record<string, unknown>>;

export interface StackJson {
  readonly id: string;
  readonly json: unknown;
}

export interface Resource {
  readonly stack: string;
  /** `aws_lb.main`, `data.aws_vpc.default`; without instance keys. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly block: Block;
}

const string = /"(?:\\.|\$\{[^}]*\}|[^"\\])*"/;
const expression = /\b(?!true\b|false\b|null\b)[a-z_][\w.]*(?:\["[^"]*"\][\w.]*)*/;

/** The value of `${jsonencode(…)}`, with expressions as templates: `var.x` and `"${var.x}"` are both "${var.x}". */
export function parsedDocument(text: string): unknown {
  const inner = /^\$\{jsonencode\((.*)\)\}$/s.exec(text)?.[1];
  if (inner === undefined) throw new Error(`Not a document: ${text}`);
  const json = inner.replace(new RegExp(`${string.source}|${expression.source}`, "g"), (part) =>
    part.startsWith('"')
      ? part.replace(/\$\{[^}]*\}/g, (template) => template.replaceAll('"', '\\"'))
      : JSON.stringify(`\${${part}}`),
  );
  return JSON.parse(json);
}

/** The same, and also of plain JSON. @returns undefined for what is neither: a document that only Terraform can tell */
export function documentOf(text: unknown): unknown {
  try {
    return typeof text !== "string" ? undefined : text.startsWith("${") ? parsedDocument(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Block {
  return typeof value === "object" && value !== null;
}

/** A block, or the blocks of a list, as cdktf writes either. */
export function blocks(value: unknown): Block[] {
  return Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
}

/** An expression as a person reads it: the domain's variable is `DOMAIN`, a registry of one's own ECR goes without saying. */
export function readable(value: unknown): string {
  return text(value)
    .replace(/^\$\{data\.aws_caller_identity[^}]*\}\.dkr\.ecr\.\$\{[^}]*\}\.amazonaws\.com\//, "")
    .replaceAll("${var.cruddur_dns_name}", "DOMAIN")
    .replaceAll(/\$\{data\.aws_region[^}]*\}/g, "REGION")
    .replaceAll(/\$\{each\.(?:key|value)\}/g, "*")
    .replaceAll(/\$\{var\.(\w+)\}/g, "$1")
    .replaceAll(/\$\{[^}]*\}/g, "…");
}

/** The keys of `for_each`, where they are literal. */
export function instanceKeys({ block }: Pick<Resource, "block">): string[] | undefined {
  const list = /^\$\{toset\(\[(.*)\]\)\}$/s.exec(text(block.for_each))?.[1];
  const literal = /"((?:\\.|[^"\\])*)"/gsu;
  if (list === undefined || list.replace(literal, "").replace(/[\s,]/g, "") !== "") return undefined;
  return [...list.matchAll(literal)].map(([, inner = ""]) => unquoted(inner));
}

export class SynthesizedStacks {
  readonly resources: readonly Resource[];

  constructor(private readonly stacks: readonly StackJson[]) {
    this.resources = stacks.flatMap(({ id, json }) => {
      const { resource = {}, data = {} } = json as Record<"resource" | "data", Record<string, Record<string, Block>>>;
      const of = (section: Record<string, Record<string, Block>>, prefix: string) =>
        Object.entries(section).flatMap(([type, byName]) =>
          Object.entries(byName).map(([name, block]) => ({
            stack: id,
            address: `${prefix}${type}.${name}`,
            type,
            name,
            block,
          })),
        );
      return [...of(resource, ""), ...of(data, "data.")];
    });
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type && !resource.address.startsWith("data."));
  }

  /** The configurations of a provider in a stack. */
  providers(stack: string, name: string): Block[] {
    const json = this.stacks.find(({ id }) => id === stack)?.json as { provider?: Record<string, unknown> } | undefined;
    return blocks(json?.provider?.[name]);
  }

  /** The variables of all stacks, by name. */
  variables(): Readonly<Record<string, Block>> {
    return Object.assign({}, ...this.stacks.map(({ json }) => (json as { variable?: object }).variable));
  }

  dataOfType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type && resource.address.startsWith("data."));
  }

  /** The resources of a type that a value refers to. */
  referredOfType(type: string, value: unknown, from: string): Resource[] {
    return this.referred(value, from).filter((resource) => resource.type === type);
  }

  /** The resources that a value refers to, through another stack's outputs too; in the order of the value. */
  referred(value: unknown, from: string): Resource[] {
    const all = JSON.stringify(value ?? null).replaceAll('\\"', '"');
    const remote = [...all.matchAll(/data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)(?:\["([^"]+)"\])?/g)];
    const through = remote.flatMap(([, stack = "", output = "", key]) => {
      const found = this.stacks.find(({ id }) => id === stack)?.json as
        | Record<string, Record<string, { value: unknown }>>
        | undefined;
      const whole = found?.output?.[output]?.value;
      return this.referred(key === undefined ? whole : (whole as Block | undefined)?.[key], stack);
    });
    const direct = [...all.matchAll(/(?:data\.)?\b(?!terraform_)[a-z]+_[a-z0-9_]+\.[A-Za-z_][\w-]*/g)].flatMap(
      ([address]) => this.resources.filter((resource) => resource.stack === from && resource.address === address),
    );
    return [...new Set([...direct, ...through])];
  }
}
