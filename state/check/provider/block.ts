/** A provider's block, in the old module and in the plans. */
import type { Plan, PlannedChange } from "../../../terraform/plan";
import type { Found } from "../../../terraform/source/block";
import { lastArgument } from "../../../terraform/source/module";
import type { StateDocument } from "../../document";
import type { StackId } from "../../split-state";
import type { FindingContext, Plans } from "../finding";

/** A difference of a stack's plan. */
interface Changed {
  readonly stack: StackId;
  readonly change: PlannedChange;
}

/** What differences are traced back to a provider with. */
export interface ProviderInput {
  readonly state: StateDocument;
  readonly changed: readonly Changed[];
  readonly plans: Plans;
  readonly context: FindingContext;
  /** Notes a provider as the cause of a difference. */
  readonly explain: (stack: StackId, address: string, keys: readonly string[], cause: string) => void;
  /** What could not be planned. */
  readonly failed: readonly string[];
}

/** A constant of an expression in a plan's configuration, blocks and lists included; undefined where a part isn't one. */
export function constantOf(expression: unknown): unknown {
  if (Array.isArray(expression)) return expression.map(constantOf);
  if (typeof expression !== "object" || expression === null) return undefined;
  if ("constant_value" in expression) return expression.constant_value;
  if ("references" in expression) return undefined;
  return Object.fromEntries(Object.entries(expression).map(([key, value]) => [key, constantOf(value)]));
}

/** The alias in a state's name of an AWS provider: `provider["registry.terraform.io/hashicorp/aws"].east`. */
export function aliasIn(provider: string): string | undefined {
  return /\/aws"\]\.([\p{ID_Start}_][\p{ID_Continue}-]*)$/u.exec(provider)?.[1];
}

/** `provider "aws"`, or the one with an alias. */
export function providerAddress(alias: string | undefined): string {
  return alias === undefined ? "provider.aws" : `provider.aws.${alias}`;
}

export function oldExpressions(old: Plan | undefined, key: string): Readonly<Record<string, unknown>> {
  return old?.configuration?.provider_config?.[key]?.expressions ?? {};
}

function place(found: Found | undefined): string | null {
  return found === undefined ? null : `${found.file}:${found.line}`;
}

/** The old module's place of a provider's setting, or of its block. */
export function inProvider(
  { source }: FindingContext,
  alias: string | undefined,
  path: readonly string[],
): string | null {
  const blocks = source.provider("aws", alias);
  const [first] = blocks;
  return place(lastArgument(blocks, path)) ?? (first === undefined ? null : `${first.file}:${first.line}`);
}
