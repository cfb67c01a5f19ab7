/** What `--from` names: a folder with a root module, a state file, or `s3://bucket/key`. */
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { scratchFolder } from "../lib/scratch-folder";
import { shown, UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";
import { synthesizeStacks } from "../stacks/synthesize";
import { environmentWorkspace, firstWorkspace, refuseStateArguments } from "../terraform/named-state";
import { currentArguments } from "./backend-record";
import { initializedModule } from "./initialized";
import type { Backend } from "./place";
import type { StackId } from "./split-state";

/** Where the settings put the states, as the synthesized stacks say it. */
export function configuredBackends(project: string, settings: Settings): Record<StackId, Backend> {
  const folder = scratchFolder("backends");
  try {
    const stacks = synthesizeStacks(project, settings, folder);
    const backends = stacks.map(({ id, folder }) => {
      const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
      const { local, s3 } = terraform.backend;
      // A relative path counts from the stack's folder.
      if (s3 === undefined) return [id, localBackend(resolve(folder, local.path))];
      return [id, { type: "s3", arguments: s3 } satisfies Backend];
    });
    return Object.fromEntries(backends);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function localBackend(path: string): Backend {
  return { type: "local", arguments: { path } };
}

/** A bucket and key with everything else (region, endpoint, profile, locks) as the settings have it. */
function s3Backend(project: string, settings: Settings, bucket: string, key: string): Backend {
  const { network, images } = settings.backend.keys;
  const keys = { images, network: network === key ? `${network}-other` : network, app: key };
  return configuredBackends(project, { ...settings, backend: { ...settings.backend, type: "s3", bucket, keys } }).app;
}

export interface Located {
  readonly backend: Backend;
  /** The folder of the root module, where `--from` names one. */
  readonly module?: string;
  /** What else than `--from` has decided, for people. */
  readonly notes: readonly string[];
}

/**
 * @param from as the user gave it; a relative path counts from `directory`
 * @throws UserError where it names nothing that can hold a state
 */
export function locate(from: string, directory: string, project: string, settings: Settings): Located {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) {
    const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^/\s](?:.*[^/\s])?)$/.exec(from) ?? [];
    if (bucket === undefined || key === undefined) {
      throw new UserError(`--from is ${shown(from)}: give s3://BUCKET/KEY, a state file, or the folder of a module.`);
    }
    refuseOtherWorkspace(from, key);
    return { backend: s3Backend(project, settings, bucket, key), notes: [] };
  }
  const path = resolve(directory, from);
  if (!existsSync(path)) {
    throw new UserError(
      `--from is ${shown(from)}, but there is no ${path}: give a folder, a state file or s3://BUCKET/KEY.`,
    );
  }
  return statSync(path).isDirectory()
    ? locateModule(path, project, settings)
    : { backend: localBackend(path), notes: [] };
}

/** A key that is not the one of the selected workspace leaves open which state is meant. */
function refuseOtherWorkspace(from: string, key: string): void {
  const workspace = environmentWorkspace();
  if (workspace === undefined || key.split("/").includes(workspace)) return;
  throw new UserError(
    `--from is ${shown(from)}, while TF_WORKSPACE is ${shown(workspace)}, whose state has another key: unset it, or give that key, as in s3://BUCKET/env:/${workspace}/KEY.`,
  );
}

/** Where the module of a folder keeps its state: `init` has left its backend in the folder. */
function locateModule(folder: string, project: string, settings: Settings): Located {
  refuseStateArguments(process.env, ["state"]);
  const { backend = {}, workspace, selectedBy } = initializedModule(folder);
  const { type = "local", config = {} } = backend;
  const notes =
    workspace === firstWorkspace ? [] : [`Taking the workspace ${shown(workspace)}, which ${selectedBy} selects`];
  if (type === "local") {
    const path = resolve(folder, localPath(config, workspace));
    if (!existsSync(path)) {
      throw new UserError(
        `${folder} holds no state (there is no ${path}) and is not initialized with another backend: run "terraform init" there, or name the state itself.`,
      );
    }
    return { backend: localBackend(path), module: folder, notes };
  }
  if (type !== "s3") {
    throw new UserError(
      `${folder} keeps its state in a backend of the type ${shown(type)}, and the stacks know "local" and "s3": write "terraform state pull" to a file and name that.`,
    );
  }
  // An empty prefix is one, too.
  const { workspace_key_prefix: prefix, ...rest } = config;
  const given = currentArguments(rest, folder);
  const key =
    workspace === firstWorkspace
      ? String(given.key)
      : posix.join(String(prefix ?? "env:"), workspace, String(given.key));
  const settled = s3Backend(project, settings, String(given.bucket), key);
  return { backend: { type, arguments: { ...settled.arguments, ...given, key } }, module: folder, notes };
}

/** https://developer.hashicorp.com/terraform/language/backend/local */
function localPath({ path, workspace_dir: folder }: Readonly<Record<string, unknown>>, workspace: string): string {
  if (workspace === firstWorkspace) return String(path || "terraform.tfstate");
  return join(String(folder || "terraform.tfstate.d"), workspace, "terraform.tfstate");
}
