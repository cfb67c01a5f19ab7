/** Which stack reads the outputs of which other one, as the synthesized JSON says. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface StackFolder {
  readonly id: string;
  /** The folder of its synthesized file, in which Terraform runs. */
  readonly folder: string;
}

export const synthesizedFileName = "cdk.tf.json";

interface BackendBlock {
  readonly path?: string;
  readonly bucket?: string;
  readonly key?: string;
}

interface RemoteState {
  readonly backend: string;
  readonly config: BackendBlock;
}

export interface StackDocument {
  readonly terraform?: { readonly backend?: Readonly<Record<string, BackendBlock>> };
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function stackDocument({ folder }: StackFolder): StackDocument {
  return JSON.parse(readFileSync(join(folder, synthesizedFileName), "utf8"));
}

/** A state's place, to compare; undefined for a backend that isn't known here. */
function place(folder: string, type: string | undefined, { path, bucket, key }: BackendBlock): string | undefined {
  if (type === "local" && path !== undefined) return resolve(folder, path);
  return type === "s3" ? `s3://${bucket}/${key}` : undefined;
}

/** The names of the `terraform_remote_state` in a stack that read another stack's state. */
export function remoteStatesOf(reader: StackFolder, other: StackFolder): string[] {
  const [[type, backend] = []] = Object.entries(stackDocument(other).terraform?.backend ?? {});
  const wanted = place(other.folder, type, backend ?? {});
  const declared = (stackDocument(reader).data?.terraform_remote_state ?? {}) as Readonly<Record<string, RemoteState>>;
  return Object.entries(declared)
    .filter(
      ([, { backend: readType, config }]) => wanted !== undefined && place(reader.folder, readType, config) === wanted,
    )
    .map(([name]) => name);
}

/** Whether a stack's expressions read one of the outputs of a remote state. */
export function readsOutput(reader: StackFolder, remoteState: string, outputs: readonly string[]): boolean {
  const text = JSON.stringify(stackDocument(reader)).replaceAll('\\"', '"');
  const reads = text.matchAll(/data\.terraform_remote_state\.([\w-]+)\.outputs(?:\.([\w-]+)|\["([^"]+)"\])?/g);
  return [...reads].some(([, name, attribute, key]) => {
    const output = attribute ?? key;
    return name === remoteState && (output === undefined || outputs.includes(output));
  });
}
