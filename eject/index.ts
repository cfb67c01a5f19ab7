/** Writes stacks as hand-written modules: HCL in files by subject, checked by Terraform before anything is there. */
import { randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { shown, UserError } from "../lib/user-error";
import { blockText } from "../terraform/hcl/body";
import { configurationBlocks, unknownSections } from "../terraform/hcl/configuration";
import { isObject, type Json } from "../terraform/hcl/resource";
import { type Shapes, shapesOf } from "../terraform/hcl/shape";
import { pluginCache } from "../terraform/plugin-cache";
import { keptLockFile, lockFileName } from "../terraform/provider-lock";
import { Terraform } from "../terraform/terraform";
import { byFile } from "./files";
import { oneRoot } from "./one-root";
import { rebased } from "./rebase";
import { providerSchemas } from "./schemas";
import { variablesExample } from "./variables-example";

export interface EjectOptions {
  /** The project's folder. */
  readonly project: string;
  /** In the order in which they are deployed, with the folders of their synthesized files. */
  readonly stacks: readonly { readonly id: string; readonly folder: string }[];
  /** Stacks that become one module. @default none: each is a module of its own */
  readonly joinedStacks?: readonly string[];
  /** The folder to make. */
  readonly out: string;
  /** Names of further variables that Terraform gets. */
  readonly pass?: readonly string[];
  readonly report?: (line: string) => void;
}

export interface EjectedModule {
  /** Whose it is. */
  readonly stacks: readonly string[];
  readonly folder: string;
  /** Names of its `.tf` files. */
  readonly files: readonly string[];
}

interface Module {
  readonly stacks: readonly string[];
  /** Below the folder that is made; empty for that folder itself. */
  readonly path: string;
  readonly json: Json;
  /** From folders of the disk to folders of the module. */
  readonly copies: readonly (readonly [from: string, to: string])[];
}

/** What a stack's folder holds that isn't to be copied. */
const notCopied = ["cdk.tf.json", lockFileName, ".terraform", "terraform.tfstate"];

const ignored =
  "# Terraform's own files, and what holds secrets\n.terraform/\n*.tfstate\n*.tfstate.*\n*.tfplan\n*.tfvars\n";

/** @throws UserError where the folder holds anything */
export function requireFree(out: string): void {
  if (!existsSync(out)) {
    if (existsSync(dirname(out))) return;
    throw new UserError(`--out is ${shown(out)}, but there is no folder ${shown(dirname(out))}: make it first.`);
  }
  if (!statSync(out).isDirectory() || readdirSync(out).length > 0) {
    throw new UserError(`--out is ${shown(out)}, which is there already: give a folder that is new or empty.`);
  }
}

/** What is written, before it is. */
export function modules({
  stacks,
  joinedStacks = [],
  out,
}: Pick<EjectOptions, "stacks" | "joinedStacks" | "out">): Module[] {
  const read = stacks.map(({ id, folder }) => {
    const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Json;
    const unknown = unknownSections(json);
    if (unknown.length > 0) {
      throw new UserError(
        `The stack ${id} has ${unknown.map(shown).join(" and ")}, which can't be written as HCL here.`,
      );
    }
    const path = joinedStacks.includes(id) ? "" : id;
    const moved = rebased(json, folder, join(out, path));
    const assets = readdirSync(folder).filter((name) => !notCopied.includes(name));
    const sources = [...moved.copies].map(([from, to]) => [join(folder, from), to] as const);
    const others = assets
      .filter((name) => name !== "assets" || hasOtherAssets(join(folder, name)))
      .map((name) => [join(folder, name), name] as const);
    return { stacks: [id], path, json: moved.json, copies: [...sources, ...others] };
  });
  const together = read.filter(({ path }) => path === "");
  if (together.length === 0) return read;
  const [first] = together;
  const whole = together.map(({ stacks: [id = ""], json }) => ({ id, json }));
  return [
    {
      stacks: together.flatMap((one) => one.stacks),
      path: first?.path ?? "",
      json: oneRoot(whole),
      copies: together.flatMap(({ copies }) => copies),
    },
    ...read.filter(({ path }) => path !== ""),
  ];
}

function hasOtherAssets(folder: string): boolean {
  return readdirSync(folder).some((name) => !name.startsWith("__cdktf_module_asset_"));
}

/** The `.tf` files of a module, by name. */
export function moduleFiles(json: Json, shapes: Shapes): Map<string, string> {
  const files = byFile(configurationBlocks(json, shapes));
  return new Map(
    [...files].map(([name, blocks]) => [name, `${blocks.map(({ block }) => blockText(block)).join("\n\n")}\n`]),
  );
}

function writeModule({ json, copies }: Module, folder: string, project: string, shapes: Shapes): string[] {
  mkdirSync(folder, { recursive: true });
  const files = moduleFiles(json, shapes);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  for (const [from, to] of copies) cpSync(from, join(folder, to), { recursive: true });
  writeFileSync(
    join(folder, "terraform.tfvars.example"),
    variablesExample(isObject(json.variable) ? json.variable : {}),
  );
  writeFileSync(join(folder, ".gitignore"), ignored);
  const lock = join(project, keptLockFile);
  if (existsSync(lock)) writeFileSync(join(folder, lockFileName), readFileSync(lock));
  return [...files.keys()].sort();
}

/** Has Terraform say of each module that it is valid and in its own form. */
async function prove(folder: string, project: string, pass: readonly string[]): Promise<void> {
  const terraform = new Terraform(folder, { environment: { TF_PLUGIN_CACHE_DIR: pluginCache(project) }, pass });
  await terraform.init("-backend=false");
  for (const args of [
    ["validate", "-no-color"],
    ["fmt", "-check", "-diff", "-no-color"],
  ] as const) {
    const [command, ...rest] = args;
    const { exitCode, stdout, stderr } = await terraform.attempt(command, ...rest);
    if (exitCode === 0) continue;
    throw new UserError(
      `Nothing was written: terraform ${command} refuses what would be.\n${(stdout + stderr).trim()}`,
    );
  }
  rmSync(join(folder, ".terraform"), { recursive: true, force: true });
}

export async function eject(options: EjectOptions): Promise<EjectedModule[]> {
  const { project, pass = [], report = () => {} } = options;
  const out = resolve(options.out);
  requireFree(out);
  const all = modules({ ...options, out });
  report("Reading the providers' schemas");
  const shapes = shapesOf(
    await providerSchemas(
      project,
      all.map(({ json }) => json),
      pass,
    ),
  );
  // As deep as the folder itself, so that relative paths hold.
  const draft = join(dirname(out), `.${basename(out)}-${randomUUID()}`);
  try {
    const written = all.map((module) => {
      const folder = join(draft, module.path);
      return { module, folder, files: writeModule(module, folder, project, shapes) };
    });
    for (const { module, folder } of written) {
      report(`Validating ${module.stacks.join(" and ")}`);
      await prove(folder, project, pass);
    }
    if (existsSync(out)) rmdirSync(out);
    renameSync(draft, out);
    return written.map(({ module, files }) => ({ stacks: module.stacks, folder: join(out, module.path), files }));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
