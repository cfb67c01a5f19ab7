import type { TerraformStack } from "cdktf";
import { blockText } from "../../terraform/hcl/body";
import { configurationBlocks } from "../../terraform/hcl/configuration";
import { isObject, type Json } from "../../terraform/hcl/resource";
import { shapesOfElements } from "./hcl-shapes";

/**
 * A stack's file in HCL, in the form of `terraform fmt`, and what cdktf keeps beside it: all that HCL has no place for.
 * @param json what the stack synthesizes to
 */
export function hclOf(stack: TerraformStack, json: unknown): { readonly hcl: string; readonly metadata: unknown } {
  const whole = json as Json;
  const blocks = configurationBlocks(whole, shapesOfElements(stack));
  return { hcl: `${blocks.map(({ block }) => blockText(block)).join("\n\n")}\n`, metadata: metadataOf(whole) };
}

function metadataOf({ "//": comment, terraform, resource, data, module }: Json): Json {
  const sections = { resource: commentsIn(resource, 2), data: commentsIn(data, 2), module: commentsIn(module, 1) };
  const present = Object.entries(sections).filter(([, section]) => section !== undefined);
  return { "//": comment, terraform, ...Object.fromEntries(present) };
}

/** The comments of what lies so deep in a section, at the same places. */
function commentsIn(value: unknown, depth: number): unknown {
  if (!isObject(value)) return undefined;
  if (depth === 0) return { "//": value["//"] };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, commentsIn(inner, depth - 1)]));
}
