/** How TypeScript gets at what a stack makes: `app.cluster.cluster` for `aws_ecs_cluster.cruddur`. */
import { TerraformDataSource, TerraformResource, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import type { ProjectStack } from "../../stacks/project-stack";

/** @param name of the stack in the code: `app`. @returns by address */
export function accessorsOf(stack: ProjectStack, name: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (owner: object, path: string, depth: number) => {
    for (const [property, value] of Object.entries(owner)) {
      if (!(value instanceof Construct) || !value.node.scopes.includes(stack) || value === stack) continue;
      const own = `${path}.${property}`;
      const address = addressOf(value);
      if (address !== undefined && !found.has(address)) found.set(address, own);
      else if (address === undefined && depth < 3) visit(value, own, depth + 1);
    }
  };
  visit(stack, name, 0);
  return found;
}

function addressOf(construct: Construct): string | undefined {
  if (TerraformResource.isTerraformResource(construct)) {
    return `${construct.terraformResourceType}.${construct.friendlyUniqueId}`;
  }
  if (TerraformDataSource.isTerraformDataSource(construct)) {
    return `data.${construct.terraformResourceType}.${construct.friendlyUniqueId}`;
  }
  return construct instanceof TerraformVariable ? `var.${construct.friendlyUniqueId}` : undefined;
}
