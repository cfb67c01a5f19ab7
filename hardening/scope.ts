import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";

const id = "Hardening";

function child(scope: Construct, name: string): Construct {
  return (scope.node.tryFindChild(name) as Construct | undefined) ?? new Construct(scope, name);
}

/**
 * Below which a stack has what a step adds; it leaves no trace in addresses.
 * @param step the step in PascalCase, so that two may use one Terraform name for two types
 */
export function hardeningScope(stack: TerraformStack, step: string): Construct {
  return child(child(stack, id), step);
}
