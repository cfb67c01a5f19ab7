/** What `terraform init` and `terraform workspace select` have left of a module: its backend and its workspace. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { shown, UserError } from "../lib/user-error";
import { environmentWorkspace, firstWorkspace } from "../terraform/named-state";

export interface InitializedModule {
  /** The backend as `init` has recorded it; undefined where nothing was initialized. */
  readonly backend?: { readonly type?: string; readonly config?: Readonly<Record<string, unknown>> };
  readonly workspace: string;
  /** What decides it, for people: `TF_WORKSPACE`, or a file. */
  readonly selectedBy: string;
}

/** Where Terraform keeps what it needs for a module: `.terraform`, or what `TF_DATA_DIR` says. */
export function dataFolder(module: string, environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(module, environment.TF_DATA_DIR || ".terraform");
}

/**
 * Reads what lies in the data folder, with `TF_DATA_DIR` and `TF_WORKSPACE` as Terraform takes them.
 * @param folder of the root module
 * @throws UserError for a damaged record, and where `TF_DATA_DIR` names a folder without one, beside a module that has one
 */
export function initializedModule(folder: string, environment: NodeJS.ProcessEnv = process.env): InitializedModule {
  const own = join(folder, ".terraform");
  const data = dataFolder(folder, environment);
  const recordFile = (place: string) => join(place, "terraform.tfstate");
  const workspaceFile = (place: string) => join(place, "environment");
  const isUsed = (place: string) => [recordFile(place), workspaceFile(place)].some((file) => existsSync(file));
  if (!isUsed(data) && isUsed(own)) {
    throw new UserError(
      `TF_DATA_DIR is ${shown(environment.TF_DATA_DIR)}, where nothing is initialized, while ${own} is: unset it, or run "terraform init" in ${folder}.`,
    );
  }
  const selected = readIfThere(workspaceFile(data))?.trim() || firstWorkspace;
  const workspace = environment.TF_WORKSPACE || selected;
  const record = readIfThere(recordFile(data));
  return {
    backend: record === undefined ? undefined : backendIn(record, data),
    workspace,
    selectedBy: environmentWorkspace(environment) === undefined ? workspaceFile(data) : "TF_WORKSPACE",
  };
}

function backendIn(record: string, data: string): InitializedModule["backend"] {
  try {
    const { backend, remote } = JSON.parse(record);
    // Before 0.9 it had another name.
    return backend ?? remote;
  } catch {
    throw new UserError(`${data} is damaged: run "terraform init" in the module's folder again.`);
  }
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
