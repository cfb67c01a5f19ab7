/** A synth that is there whole or not at all, each file by itself, whatever happens meanwhile and whoever synthesizes beside it. */
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { App } from "cdktf";
import { diskUserError } from "../lib/disk-error";
import { scratchFolder } from "../lib/scratch-folder";

/** Makes the folder of the output. The plans that Terraform and cdktf-cli keep in a stack's folder hold the values of secrets. */
export function prepareOutput(outdir: string, stackIds: readonly string[] = []): void {
  telling(outdir, () => {
    mkdirSync(join(outdir, "stacks"), { recursive: true });
    for (const id of stackIds) {
      const folder = join(outdir, "stacks", id);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    }
  });
}

/** Synthesizes beside the output, and takes the files there when all are written: cdktf writes them in place. */
export function synthesizeWhole(app: App, stackIds: readonly string[]): void {
  const { outdir } = app;
  const aside = scratchFolder("synth", outdir);
  const writeTo = (folder: string) => {
    for (const writing of [app, app.manifest])
      Object.defineProperty(writing, "outdir", { value: folder, writable: true });
  };
  try {
    telling(outdir, () => {
      mkdirSync(join(aside, "stacks"));
      writeTo(aside);
      app.synth();
      prepareOutput(outdir, stackIds);
      moveInto(aside, outdir);
    });
  } finally {
    writeTo(outdir);
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Folders first: the manifest, which tells cdktf-cli what is there, comes last. */
function moveInto(from: string, to: string): void {
  const entries = readdirSync(from, { withFileTypes: true });
  for (const entry of [...entries].sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()))) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!entry.isDirectory()) {
      renameSync(source, target);
      continue;
    }
    mkdirSync(target, { recursive: true });
    moveInto(source, target);
  }
}

/** What the disk refuses is told with the folder: a full one doesn't name the file. */
function telling(outdir: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && !("path" in error && error.path)) Object.assign(error, { path: outdir });
    throw diskUserError(error, "write elsewhere with CDKTF_OUTDIR") ?? error;
  }
}
