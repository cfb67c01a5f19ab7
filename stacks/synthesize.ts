import { readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { scratchFolder } from "../lib/scratch-folder";
import { UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";
import { installProviderLock } from "../terraform/provider-lock";
import { addStacks } from "./index";
import { projectApp } from "./project-app";
import { prepareOutput, synthesizeWhole } from "./whole-files";

export interface SynthesizedStack {
  readonly id: string;
  /** The folder of its file, in which Terraform runs. */
  readonly folder: string;
}

/**
 * Where cdktf synthesizes to: CDKTF_OUTDIR, which cdktf-cli sets, or its folder in the project; below it, an environment has its own.
 * @throws UserError where cdktf-cli would put an environment into the folder of the default one
 */
function outputFolder(project: string, { environment }: Settings): string {
  const usual = join(project, "cdktf.out");
  const own = environment === undefined ? usual : join(usual, environment);
  const given = process.env.CDKTF_OUTDIR;
  if (given === undefined) return own;
  const folder = resolve(given);
  if (environment === undefined || folder !== resolve(usual)) return folder;
  throw new UserError(
    `The environment "${environment}" doesn't go into cdktf.out, which is the default environment's: give cdktf --output ${relative(project, own)}.`,
  );
}

/**
 * Writes every stack's file, with the provider lock file beside it.
 * @param project folder of the project
 * @param settings what to synthesize
 * @param outdir folder of the output. @default what `CDKTF_OUTDIR` says, or `cdktf.out` in the project, and below that the environment's
 * @returns the stacks in the order in which they are deployed
 */
export function synthesizeStacks(
  project: string,
  settings: Settings,
  outdir = outputFolder(project, settings),
): SynthesizedStack[] {
  prepareOutput(outdir);
  const root = projectApp({ outdir });
  const stacks = addStacks(root, project, settings);
  synthesizeWhole(
    root,
    Object.values(stacks).map(({ node: { id } }) => id),
  );
  const folderOf = (id: string) => join(root.outdir, "stacks", id);
  const synthesized = Object.values(stacks).map(({ node: { id } }) => ({ id, folder: folderOf(id) }));
  stacks.images?.stageContexts(folderOf(stacks.images.node.id));
  installProviderLock(
    project,
    synthesized.map(({ folder }) => folder),
  );
  return synthesized;
}

/** What `synthesizeStacks` writes, by stack; nothing stays on the disk. */
export function synthesizedJson(
  project: string,
  settings: Settings,
): { readonly id: string; readonly json: unknown }[] {
  const outdir = scratchFolder("synthesized");
  try {
    return synthesizeStacks(project, settings, outdir).map(({ id, folder }) => ({
      id,
      json: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")),
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
