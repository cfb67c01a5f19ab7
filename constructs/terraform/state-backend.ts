import { isAbsolute, join, relative, resolve } from "node:path";
import {
  App,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  LocalBackend,
  S3Backend,
  type TerraformRemoteState,
  TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";
import type { Settings } from "../../settings/schema";

type BackendSettings = Settings["backend"];

/**
 * Where a local state lies. Terraform runs in the folder of a stack's synthesized file and resolves a relative path from
 * there; so the path is written relative to it, which keeps the JSON the same on every machine and the state out of the
 * output folder, which may be deleted at any time.
 */
function localStatePath(stack: TerraformStack, stackId: string, { directory }: BackendSettings): string {
  const fileName = `terraform.${stackId}.tfstate`;
  if (isAbsolute(directory)) return join(directory, fileName);
  const workingDirectory = resolve(App.of(stack).outdir, "stacks", stack.node.id);
  return relative(workingDirectory, resolve(directory, fileName));
}

/** Where a state lies in S3. https://developer.hashicorp.com/terraform/language/backend/s3 */
function s3State(stackId: string, backend: BackendSettings, allowedAccountIds: readonly string[]) {
  const { bucket = "", region, keys, endpoint, usePathStyle, profile, roleArn } = backend;
  const key = keys[stackId as keyof typeof keys] ?? "";
  // cdktf's properties know neither `endpoints` in full nor `use_path_style`; it passes unknown ones on in snake_case.
  return {
    bucket,
    key,
    region,
    encrypt: true,
    profile,
    assumeRole: roleArn === undefined ? undefined : { roleArn },
    allowedAccountIds: allowedAccountIds.length > 0 && endpoint === undefined ? allowedAccountIds : undefined,
    ...(usePathStyle && { usePathStyle }),
    // A store that isn't AWS has no STS, no such regions and no trailing checksums.
    ...(endpoint !== undefined && {
      endpoints: { s3: endpoint },
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
      skipS3Checksum: true,
    }),
  };
}

/** Puts the state of `stack` where the settings say. */
export function configureBackend(stack: TerraformStack, { backend, allowedAccountIds }: Settings): void {
  if (backend.type === "local") {
    new LocalBackend(stack, { path: localStatePath(stack, stack.node.id, backend) });
    return;
  }
  const { useLockfile, dynamodbTable } = backend;
  const state = s3State(stack.node.id, backend, allowedAccountIds);
  new S3Backend(stack, { ...state, dynamodbTable, ...{ useLockfile } } as ConstructorParameters<typeof S3Backend>[1]);
}

/** The state of another stack, at `data.terraform_remote_state.ID`. Reading takes no lock. */
export function remoteState(
  scope: Construct,
  id: string,
  other: TerraformStack,
  { backend, allowedAccountIds }: Settings,
): TerraformRemoteState {
  const stack = TerraformStack.of(scope);
  stack.addDependency(other);
  if (backend.type === "local") {
    return new DataTerraformRemoteStateLocal(scope, id, { path: localStatePath(stack, other.node.id, backend) });
  }
  const state = s3State(other.node.id, backend, allowedAccountIds);
  return new DataTerraformRemoteStateS3(
    scope,
    id,
    state as ConstructorParameters<typeof DataTerraformRemoteStateS3>[2],
  );
}
