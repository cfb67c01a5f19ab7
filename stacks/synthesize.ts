import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { installProviderLock } from "../lib/provider-lock";
import type { Settings } from "../settings/schema";
import { addStacks } from "./index";

export interface SynthesizedStack {
  readonly id: string;
  /** The folder of its file, in which Terraform runs. */
  readonly folder: string;
}

/**
 * Writes every stack's file, with the provider lock file beside it.
 * @param project folder of the project
 * @param settings what to synthesize
 * @param outdir folder of the output. @default cdktf's: `cdktf.out`, or what `CDKTF_OUTDIR` says
 * @returns the stacks in the order in which they are deployed
 */
export function synthesizeStacks(project: string, settings: Settings, outdir?: string): SynthesizedStack[] {
  const root = new App(outdir === undefined ? {} : { outdir });
  const stacks = addStacks(root, settings);
  root.synth();
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
  const outdir = mkdtempSync(join(tmpdir(), "synthesized-"));
  try {
    return synthesizeStacks(project, settings, outdir).map(({ id, folder }) => ({
      id,
      json: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")),
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
