import type { Construct, IConstruct } from "constructs";
import { type AwsNames, awsNamesOf } from "../services/aws-names";

const contextKey = "cruddurEnvironment";

/** Tells everything below a stack its environment. Before the stack has children, as constructs want it. */
export function setEnvironment(stack: IConstruct, environment: string | undefined): void {
  if (environment !== undefined) stack.node.setContext(contextKey, environment);
}

/** @returns undefined for the default environment */
export function environmentOf(scope: Construct): string | undefined {
  return scope.node.tryGetContext(contextKey) as string | undefined;
}

/** The names of the environment that a construct is in, for a team's own resources as well: `namesOf(this).cluster`. */
export function namesOf(scope: Construct): AwsNames {
  return awsNamesOf(environmentOf(scope));
}
