import { isAbsolute, join, relative, resolve } from "node:path";
import {
  App,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  LocalBackend,
  S3Backend,
  type TerraformBackend,
  type TerraformRemoteState,
  TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";
import type { StackId } from "../../services/names";

/** Where the states are, and how they are locked and reached. */
export interface BackendOptions {
  readonly type: "local" | "s3";
  /** Of local states; a relative one counts from the project. */
  readonly directory: string;
  readonly bucket?: string;
  readonly region?: string;
  /** Keys in the bucket, by stack. */
  readonly keys: Readonly<Partial<Record<StackId, string>>>;
  readonly useLockfile: boolean;
  readonly dynamodbTable?: string;
  /** URL of a store that isn't AWS. */
  readonly endpoint?: string;
  readonly usePathStyle: boolean;
  readonly profile?: string;
  readonly roleArn?: string;
}

export interface StatesProps {
  readonly backend: BackendOptions;
  /** The only accounts whose states are touched; empty for any. */
  readonly allowedAccountIds: readonly string[];
  /** Its states are beside those of the default environment. @default none: the default environment */
  readonly environment?: string;
  /** The project's folder. */
  readonly project: string;
}

/**
 * Where a local state lies. Terraform runs in the folder of a stack's synthesized file and resolves a relative path from
 * there; so the path is written relative to it, which keeps the JSON the same on every machine and the state out of the
 * output folder, which may be deleted at any time.
 */
function localStatePath(
  stack: TerraformStack,
  stackId: string,
  { backend: { directory }, environment, project }: StatesProps,
): string {
  const fileName =
    environment === undefined ? `terraform.${stackId}.tfstate` : `terraform.${environment}.${stackId}.tfstate`;
  if (isAbsolute(directory)) return join(directory, fileName);
  const workingDirectory = resolve(App.of(stack).outdir, "stacks", stack.node.id);
  return relative(workingDirectory, resolve(project, directory, fileName));
}

/** Where a state lies in S3. https://developer.hashicorp.com/terraform/language/backend/s3 */
function s3State(stackId: string, { backend, environment, allowedAccountIds }: StatesProps) {
  const { bucket = "", region, keys, endpoint, usePathStyle, profile, roleArn } = backend;
  const own = keys[stackId as StackId] ?? "";
  const key = environment === undefined ? own : `${environment}/${own}`;
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

/** Puts the state of `stack` where it belongs. */
export function stateBackend(stack: TerraformStack, states: StatesProps): TerraformBackend {
  const { id } = stack.node;
  const { type, useLockfile, dynamodbTable } = states.backend;
  if (type === "local") return new LocalBackend(stack, { path: localStatePath(stack, id, states) });
  const options = { ...s3State(id, states), dynamodbTable, useLockfile };
  return new S3Backend(stack, options as ConstructorParameters<typeof S3Backend>[1]);
}

/** The state of another stack, at `data.terraform_remote_state.ID`. Reading takes no lock. */
export function remoteState(
  scope: Construct,
  id: string,
  other: TerraformStack,
  states: StatesProps,
): TerraformRemoteState {
  const stack = TerraformStack.of(scope);
  stack.addDependency(other);
  if (states.backend.type === "local") {
    return new DataTerraformRemoteStateLocal(scope, id, { path: localStatePath(stack, other.node.id, states) });
  }
  const options = s3State(other.node.id, states);
  return new DataTerraformRemoteStateS3(
    scope,
    id,
    options as ConstructorParameters<typeof DataTerraformRemoteStateS3>[2],
  );
}
