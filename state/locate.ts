/** What `--from` names: a folder with a root module, a state file, or `s3://bucket/key`. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { shown, UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";
import { synthesizeStacks } from "../stacks/synthesize";
import type { StackId } from "./parting";
import type { Backend } from "./place";

/** Where the settings put the states, as the synthesized stacks say it. */
export function configuredBackends(project: string, settings: Settings): Record<StackId, Backend> {
  const folder = mkdtempSync(join(tmpdir(), "backends-"));
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
    return { backend: s3Backend(project, settings, bucket, key) };
  }
  const path = resolve(directory, from);
  if (!existsSync(path)) {
    throw new UserError(
      `--from is ${shown(from)}, but there is no ${path}: give a folder, a state file or s3://BUCKET/KEY.`,
    );
  }
  return statSync(path).isDirectory() ? locateModule(path, project, settings) : { backend: localBackend(path) };
}

/** Where the module of a folder keeps its state: `init` has left its backend in the folder. */
function locateModule(folder: string, project: string, settings: Settings): Located {
  const workspace = readIfThere(join(folder, ".terraform", "environment"))?.trim() ?? "default";
  if (workspace !== "default") {
    throw new UserError(
      `${folder} has the workspace ${shown(workspace)} selected, and the stacks know none: name the state itself, as in --from s3://BUCKET/env:/${workspace}/KEY.`,
    );
  }
  const record = readIfThere(join(folder, ".terraform", "terraform.tfstate"));
  const { type = "local", config = {} } = record === undefined ? {} : (backendIn(record, folder) ?? {});
  if (type === "local") {
    const path = resolve(folder, typeof config.path === "string" ? config.path : "terraform.tfstate");
    if (!existsSync(path)) {
      throw new UserError(
        `${folder} holds no state (there is no ${path}) and is not initialized with another backend: run "terraform init" there, or name the state itself.`,
      );
    }
    return { backend: localBackend(path), module: folder };
  }
  if (type !== "s3") {
    throw new UserError(
      `${folder} keeps its state in a backend of the type ${shown(type)}, and the stacks know "local" and "s3": take "terraform state pull" into a file and name that.`,
    );
  }
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null && value !== ""));
  const settled = s3Backend(project, settings, String(given.bucket), String(given.key));
  return { backend: { type, arguments: { ...settled.arguments, ...given } }, module: folder };
}

interface BackendRecord {
  readonly type?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

function backendIn(record: string, folder: string): BackendRecord | undefined {
  try {
    return JSON.parse(record).backend;
  } catch {
    throw new UserError(`${folder}/.terraform is damaged: run "terraform init" there again.`);
  }
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
