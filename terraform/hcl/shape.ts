/** What a block may hold: which names are arguments, which are blocks, in which order. */

export interface Shape {
  /** `undefined` for a name that it doesn't know. */
  readonly member: (name: string) => Member | undefined;
}

export type Member =
  | { readonly kind: "argument"; readonly required: boolean }
  /** `labelled`: an object's keys are labels. */
  | { readonly kind: "block"; readonly shape: Shape; readonly labelled: boolean }
  /** An argument that is a list of objects, which HCL takes as blocks, too; what isn't given in one is null. */
  | { readonly kind: "block argument"; readonly shape: Shape };

/** All that it holds are arguments. */
export const argumentsOnly: Shape = { member: () => ({ kind: "argument", required: false }) };

/** A block of `terraform providers schema -json`. https://developer.hashicorp.com/terraform/cli/commands/providers/schema */
export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, { readonly type?: unknown; readonly required?: boolean }>>;
  readonly block_types?: Readonly<Record<string, { readonly nesting_mode: string; readonly block: BlockSchema }>>;
}

export function shapeOf({ attributes = {}, block_types = {} }: BlockSchema): Shape {
  return {
    member: (name) => {
      const nested = Object.hasOwn(block_types, name) ? block_types[name] : undefined;
      if (nested !== undefined) {
        return { kind: "block", shape: shapeOf(nested.block), labelled: nested.nesting_mode === "map" };
      }
      const own = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (own === undefined) return undefined;
      const members = objectType(own.type);
      if (members === undefined) return { kind: "argument", required: own.required ?? false };
      return { kind: "block argument", shape: shapeOf({ attributes: members }) };
    },
  };
}

/** Members of a list or set of objects. */
function objectType(type: unknown): Record<string, { type: unknown }> | undefined {
  if (!Array.isArray(type) || (type[0] !== "list" && type[0] !== "set")) return undefined;
  const [kind, members] = Array.isArray(type[1]) ? type[1] : [];
  if (kind !== "object") return undefined;
  return Object.fromEntries(Object.entries(members as object).map(([name, inner]) => [name, { type: inner }]));
}

interface ProviderSchema {
  readonly provider?: { readonly block: BlockSchema };
  readonly resource_schemas?: Readonly<Record<string, { readonly block: BlockSchema }>>;
  readonly data_source_schemas?: Readonly<Record<string, { readonly block: BlockSchema }>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, { readonly block: BlockSchema }>>;
}

export interface ProviderSchemas {
  readonly provider_schemas?: Readonly<Record<string, ProviderSchema>>;
}

/** Shapes of what a configuration's sections hold. */
export interface Shapes {
  readonly resource: (type: string, name: string) => Shape;
  readonly data: (type: string, name: string) => Shape;
  readonly ephemeral: (type: string, name: string) => Shape;
  readonly provider: (name: string, source: string | undefined, at: number) => Shape;
}

/** @param schemas as `terraform providers schema -json` prints them */
export function shapesOf({ provider_schemas = {} }: ProviderSchemas): Shapes {
  const all = Object.entries(provider_schemas);
  const find = (type: string, kind: "resource_schemas" | "data_source_schemas" | "ephemeral_resource_schemas") => {
    const found = all.map(([, schema]) => schema[kind]?.[type]).find((one) => one !== undefined);
    // Terraform's own have no blocks.
    return found === undefined ? argumentsOnly : shapeOf(found.block);
  };
  return {
    resource: (type) => find(type, "resource_schemas"),
    data: (type) => find(type, "data_source_schemas"),
    ephemeral: (type) => find(type, "ephemeral_resource_schemas"),
    provider: (name, source = name) => {
      const found = all.find(([address]) =>
        address.endsWith(`/${source.includes("/") ? source : `hashicorp/${source}`}`),
      );
      return found?.[1].provider === undefined ? argumentsOnly : shapeOf(found[1].provider.block);
    },
  };
}
