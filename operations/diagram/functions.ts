/** Lambda functions, and what calls them. */
import { blocks, type Resource, readable, type SynthesizedStacks } from "../../terraform/synthesized";
import type { Edge, Node } from "./graph";

export function functionNodes(stacks: SynthesizedStacks): Node[] {
  const functions = [...stacks.ofType("aws_lambda_function"), ...stacks.dataOfType("aws_lambda_function")];
  return functions.map((resource) => ({
    id: resource.address,
    kind: "function",
    caption: resource.address.startsWith("data.") ? "Lambda, deployed elsewhere" : "Lambda",
    title: readable(resource.block.function_name),
    rows: [],
    group: resource.stack,
  }));
}

/** What calls a function: a stream's mapping, or a trigger of the user pool. */
export function functionEdges(stacks: SynthesizedStacks): Edge[] {
  const calls = (from: Resource, value: unknown, stack: string, label: string): Edge[] =>
    stacks
      .referredOfType("aws_lambda_function", value, stack)
      .map(({ address }) => ({ from: from.address, to: address, kind: "data", label }));
  const mappings = stacks
    .ofType("aws_lambda_event_source_mapping")
    .flatMap(({ block, stack }) =>
      stacks
        .referred(block.event_source_arn, stack)
        .flatMap((source) => calls(source, block.function_name, stack, "stream")),
    );
  const triggers = stacks
    .ofType("aws_cognito_user_pool")
    .flatMap((pool) =>
      blocks(pool.block.lambda_config).flatMap((config) =>
        Object.entries(config).flatMap(([trigger, arn]) => calls(pool, arn, pool.stack, trigger.replaceAll("_", " "))),
      ),
    );
  return [...mappings, ...triggers];
}
