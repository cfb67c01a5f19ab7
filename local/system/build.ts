/** Builds what isn't there yet, by the project's own staging and the engine's own build. */

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPush } from "../../images/build-push";
import { Engine } from "../../images/engine";
import { buildNotes } from "../../images/notes";
import { stageContext, stagedName } from "../../images/stage";
import { runProcess } from "../../lib/run-process";
import type { ContainerProgram } from "./engine";
import type { LocalImage } from "./images";

/** Stands where a registry's name would; nothing is pulled from there or pushed to it. */
const localRegistry = "localhost/cruddur-local";
const noDeployment = { domain: "", region: "", userPoolId: "", userPoolClientId: "" };

export function localImageName(image: LocalImage): string {
  return built(image, "").images[0] ?? "";
}

function built(image: LocalImage, folder: string) {
  return buildPush({ image, folder, registry: localRegistry, deployment: noDeployment, tags: [] });
}

export async function hasImage(program: ContainerProgram, name: string): Promise<boolean> {
  return (await runProcess(program, ["image", "inspect", name])).exitCode === 0;
}

/** The names of all that was ever built here, also of what has changed since. */
export async function builtImages(program: ContainerProgram): Promise<string[]> {
  const filter = ["--filter", `reference=${localRegistry}/*`, "--format", "{{.Repository}}:{{.Tag}}"];
  const { stdout } = await runProcess(program, ["image", "ls", ...filter]);
  return stdout.split("\n").filter((name) => name.startsWith(`${localRegistry}/`));
}

/** @returns the image's name. @throws UserError that says why it can't be built */
export async function buildImage(
  project: string,
  program: ContainerProgram,
  image: LocalImage,
  { report, signal }: { readonly report: (line: string) => void; readonly signal?: AbortSignal },
): Promise<string> {
  const name = localImageName(image);
  if (await hasImage(program, name)) return name;
  const contexts = join(project, ".cache", "local-contexts");
  const folder = join(contexts, `${stagedName(image)}-${process.pid}`);
  mkdirSync(contexts, { recursive: true });
  const started = Date.now();
  report(`Building ${image.repository}`);
  try {
    stageContext(image, folder);
    for (const note of buildNotes(image.context, Object.keys(image.arguments))) report(`  ${note}`);
    const step = (line: string) => {
      // podman's and docker's classic steps, and BuildKit's.
      const found = /^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: .*|^Step \d+\/\d+ : .*|^#\d+ (\[.*\] .*)/.exec(line);
      if (found !== null) report(`  ${(found[1] ?? found[0]).slice(0, 110)}`);
      // What the Dockerfile itself has to say.
      else if (/^(#\d+ [\d.]+ )?NOTE: /.test(line)) report(`  ${line.slice(line.indexOf("NOTE: "))}`);
    };
    const engine = new Engine(program, step, signal);
    for (const make of built(image, folder).makes) await engine.run(make, localRegistry);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  report(`  built in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return name;
}

/** Where the image's own files are, which a mounted folder takes the place of. */
export async function workingFolder(program: ContainerProgram, name: string): Promise<string> {
  const { stdout } = await runProcess(program, ["image", "inspect", "--format", "{{.Config.WorkingDir}}", name]);
  return stdout.trim() || "/";
}
