import { isAbsolute, join, relative, resolve } from "node:path";
import { App, DataTerraformRemoteStateLocal, LocalBackend, type TerraformRemoteState, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Settings } from "../../settings/schema";

/**
 * Where the states lie. Terraform runs in the folder of a stack's synthesized file and resolves a relative path from
 * there; so the path is written relative to it, which keeps the JSON the same on every machine and the state out of the
 * output folder, which may be deleted at any time.
 */
function localStatePath(stack: TerraformStack, stackId: string, { directory }: Settings["backend"]): string {
  const fileName = `terraform.${stackId}.tfstate`;
  if (isAbsolute(directory)) return join(directory, fileName);
  const workingDirectory = resolve(App.of(stack).outdir, "stacks", stack.node.id);
  return relative(workingDirectory, resolve(directory, fileName));
}

/** Puts the state of `stack` where the settings say. */
export function configureBackend(stack: TerraformStack, backend: Settings["backend"]): void {
  new LocalBackend(stack, { path: localStatePath(stack, stack.node.id, backend) });
}

/** The state of another stack, at `data.terraform_remote_state.ID`. */
export function remoteState(
  scope: Construct,
  id: string,
  other: TerraformStack,
  backend: Settings["backend"],
): TerraformRemoteState {
  const stack = TerraformStack.of(scope);
  stack.addDependency(other);
  return new DataTerraformRemoteStateLocal(scope, id, { path: localStatePath(stack, other.node.id, backend) });
}
