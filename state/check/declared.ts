/** What the synthesized stacks say of each resource, for where no plan is needed to know. */
import { instanceKeys, type Resource, SynthesizedStacks } from "../../terraform/synthesized";
import type { StackId } from "../split-state";

export interface Declared {
  readonly stack: StackId;
  readonly type: string;
  readonly block: Readonly<Record<string, unknown>>;
  /** Of its instances; undefined where the synthesized file doesn't say, `[undefined]` for an instance without key. */
  readonly keys: readonly (string | number | undefined)[] | undefined;
  /** Whether another resource or an output refers to it. */
  readonly isReferred: boolean;
}

/** By address. */
export type Declarations = ReadonlyMap<string, Declared>;

export function declarationsOf(stacks: readonly { readonly id: string; readonly json: unknown }[]): Declarations {
  const { resources } = new SynthesizedStacks(stacks);
  const referred = new Set(stacks.flatMap(({ id, json }) => referredIn(json).map((address) => `${id} ${address}`)));
  return new Map(
    resources
      .filter(({ address }) => !address.startsWith("data."))
      .map((resource) => [
        resource.address,
        {
          stack: resource.stack as StackId,
          type: resource.type,
          block: resource.block,
          keys: keysOf(resource),
          isReferred: referred.has(`${resource.stack} ${resource.address}`),
        },
      ]),
  );
}

/** Whatever has the form of an address in an expression of a stack. */
function referredIn(json: unknown): string[] {
  const texts: string[] = [];
  JSON.stringify(json, (key, value) => {
    if (key === "//") return undefined;
    if (typeof value === "string") texts.push(value);
    return value;
  });
  const expressions = texts.filter((text) => text.includes("${") || /^[a-z]\w*\.[\w-]+/.test(text));
  return expressions.flatMap((text) => text.match(/[a-z][a-z0-9]*_\w+\.[\p{ID_Start}_][\p{ID_Continue}-]*/gu) ?? []);
}

function keysOf(resource: Resource): Declared["keys"] {
  const { for_each, count } = resource.block;
  if (for_each === undefined && count === undefined) return [undefined];
  if (typeof count === "number") return [...Array(count).keys()];
  return for_each === undefined ? undefined : instanceKeys(resource);
}
