/** What synthesized stacks use of the AWS provider: arguments, blocks and attributes, by type and path. */
import type { TypeFacts } from "./aws-facts";

type Block = Readonly<Record<string, unknown>>;
type ByName = Readonly<Record<string, Block>>;

export interface Use {
  /** `provider`, `aws_lb`, `data.aws_vpc` */
  readonly type: string;
  /** `global_secondary_index.hash_key` */
  readonly path: string;
  /** `aws_lb.main`: where, for messages. */
  readonly where: string;
  /** Of an argument or a block; absent for an attribute that something refers to. */
  readonly value?: unknown;
}

/** Terraform's own, which no provider knows. */
const metaArguments = new Set(["//", "count", "depends_on", "for_each", "lifecycle", "provider", "alias"]);

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function argumentsIn(type: string, where: string, facts: TypeFacts | undefined, block: Block, prefix = ""): Use[] {
  return Object.entries(block).flatMap(([name, value]) => {
    if (prefix === "" && metaArguments.has(name)) return [];
    const path = prefix + name;
    const items = Array.isArray(value) ? value : [value];
    // A map's keys are its own.
    const isMap = facts?.[path]?.endsWith(" map") === true;
    const inner = isMap ? [] : items.filter(isBlock);
    return [
      { type, path, where, value },
      ...inner.flatMap((item) => argumentsIn(type, where, facts, item, `${path}.`)),
    ];
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const reference = /(?<![\w.])(data\.)?(aws_\w+)\.\w+(?:\[(?:"[^"]*"|[^\]])*\])?((?:\.[a-z_]\w*|\[(?:\d+|\*)\])*)/g;
const loop = /\bfor (?:\w+, *)?(\w+) in ((?:data\.)?aws_\w+\.\w+)((?:\.[a-z_]\w*)*) *:/g;

function attributesIn(where: string, value: unknown): Use[] {
  return textsIn(value).flatMap((text) => {
    const plain = text.replaceAll('\\"', '"');
    const direct = [...plain.matchAll(reference)].map(([, data = "", type = "", path = ""]) => [data + type, path]);
    const looped = [...plain.matchAll(loop)].flatMap(([, item = "", address = "", path = ""]) => {
      const type = address.replace(/\.\w+$/, "");
      const used = [...plain.matchAll(new RegExp(`(?<![\\w.])${item}\\.(\\w+)`, "g"))];
      return used.map(([, name = ""]) => [type, `${path}.${name}`]);
    });
    return [...direct, ...looped]
      .map(([type = "", path = ""]) => ({ type, path: path.replace(/\[[^\]]*\]/g, "").slice(1), where }))
      .filter(({ path }) => path !== "");
  });
}

/** @param facts of the types, so far as they are known: they tell maps from blocks */
export function awsUses(json: unknown, facts: Readonly<Record<string, TypeFacts>>): Use[] {
  const { resource = {}, data = {}, provider = {} } = json as Record<string, Readonly<Record<string, ByName>>>;
  const of = (section: Readonly<Record<string, ByName>>, prefix: string) =>
    Object.entries(section)
      .filter(([type]) => type.startsWith("aws_"))
      .flatMap(([type, byName]) =>
        Object.entries(byName).flatMap(([name, block]) => {
          const full = prefix + type;
          return argumentsIn(full, `${full}.${name}`, facts[full], block);
        }),
      );
  const { aws: providers = [] } = provider as unknown as Record<string, readonly Block[]>;
  return [
    ...providers.flatMap((block) => argumentsIn("provider", "provider.aws", facts.provider, block)),
    ...of(resource, ""),
    ...of(data, "data."),
    ...attributesIn("the stack", json),
  ];
}
