/** One thing of a hand-written module, as the JSON syntax says it. */
import type { SourceBlock } from "../../terraform/source/block";
import type { ModuleSource } from "../../terraform/source/module";
import { type Body, bodyOf, jsonOf } from "./source";

export type ItemKind = "managed" | "data" | "module" | "var" | "local" | "output" | "provider";

export interface Item {
  /** `aws_sqs_queue.jobs`, `data.aws_ami.linux`, `module.bucket`, `var.token`, `local.names`, `output.url`, `provider.aws.east`. */
  readonly address: string;
  readonly kind: ItemKind;
  readonly type: string;
  /** Of a provider its alias; "" without one. */
  readonly name: string;
  readonly body: Body;
}

function blockOf(source: ModuleSource, kind: ItemKind, type: string, name: string): SourceBlock | undefined {
  if (kind === "local") return source.find("locals").findLast(({ attributes }) => attributes.has(name));
  if (kind === "provider") return source.provider(type, name === "" ? undefined : name)[0];
  const blocks = {
    managed: ["resource", type, name],
    data: ["data", type, name],
    module: ["module", name],
    var: ["variable", name],
    output: ["output", name],
  } as const;
  const [section, ...labels] = blocks[kind];
  return source.find(section, ...labels)[0];
}

function kindOf(address: string): { readonly kind: ItemKind; readonly type: string; readonly name: string } {
  const [first = "", second = "", third = ""] = address.split(".");
  if (first === "data" || first === "provider") return { kind: first, type: second, name: third };
  if (first === "module" || first === "var" || first === "local" || first === "output") {
    return { kind: first, type: first, name: second };
  }
  return { kind: "managed", type: first, name: second };
}

/** What the module's `required_providers` say, by name. */
export function requiredProviders(source: ModuleSource): Map<string, unknown> {
  const blocks = source.find("terraform").flatMap(({ blocks: inner }) => inner);
  const required = blocks.filter(({ type }) => type === "required_providers");
  return new Map(required.flatMap(({ attributes }) => [...attributes].map(([name, value]) => [name, jsonOf(value)])));
}

/** @returns undefined where the module's text has no such thing */
export function itemOf(source: ModuleSource, address: string): Item | undefined {
  const { kind, type, name } = kindOf(address);
  const block = blockOf(source, kind, type, name);
  if (block === undefined) {
    const isRequired = kind === "provider" && name === "" && requiredProviders(source).has(type);
    return isRequired ? { address, kind, type, name, body: {} } : undefined;
  }
  if (kind !== "local") return { address, kind, type, name, body: bodyOf(block) };
  const value = block.attributes.get(name);
  return { address, kind, type, name, body: { [name]: value === undefined ? null : jsonOf(value) } };
}
