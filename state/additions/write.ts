/** Puts drafts of additions into the project: files of their own, called from the team's. */
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProcess } from "../../lib/run-process";
import { writeWhole } from "../../lib/write-whole";
import type { Settings } from "../../settings/schema";
import { addStacks } from "../../stacks";
import { projectApp } from "../../stacks/project-app";
import { ModuleSource } from "../../terraform/source/module";
import type { StateDocument } from "../document";
import type { StackId } from "../split-state";
import { accessorsOf } from "./accessors";
import { carriedFiles, isCopied } from "./carried-files";
import { collect } from "./collect";
import { draft } from "./draft";
import { requiredProviders } from "./item";
import { declaredIn, type Jsons, reached } from "./reach";
import { freeFile, withCall } from "./team-file";

export interface WriteInput {
  /** The project's folder. */
  readonly project: string;
  readonly settings: Settings;
  /** The old module's folder. */
  readonly hcl: string;
  /** Addresses of what no stack declares. */
  readonly undeclared: readonly string[];
  readonly stacks: readonly { readonly id: string; readonly json: unknown }[];
  readonly state: StateDocument;
}

export interface Written {
  /** Relative to the project. */
  readonly files: readonly string[];
  /** What is drafted, by stack. */
  readonly drafted: Readonly<Record<StackId, readonly string[]>>;
  /** Variables to set, with the place of the secret that each stands for. */
  readonly variables: Readonly<Record<string, string>>;
  /** Addresses that the module's text doesn't have. */
  readonly notFound: readonly string[];
  /** What the drafts can't say: one sentence each. */
  readonly open: readonly string[];
}

const filesFolder = join("additions", "files");

/** As the project's own check wants it, where its formatter is installed. */
async function inOurForm(project: string, files: readonly string[]): Promise<void> {
  const formatter = join(project, "node_modules", ".bin", "biome");
  if (files.length > 0 && existsSync(formatter))
    await runProcess(formatter, ["check", "--write", ...files], { cwd: project });
}

/** Blocks that no draft has: what they say was done when they were applied, or checks what is there. */
function leftOut(source: ModuleSource): string[] {
  return source.find("check").map(({ labels }) => `check.${labels[0]} is not drafted`);
}

export async function writeAdditions(input: WriteInput): Promise<Written> {
  const { project, settings, undeclared, state } = input;
  const hcl = resolve(input.hcl);
  const jsons = Object.fromEntries(input.stacks.map(({ id, json }) => [id, json])) as unknown as Jsons;
  const source = await ModuleSource.read(hcl);
  const declared = { network: declaredIn(jsons.network), app: declaredIn(jsons.app) };
  const collected = collect(source, undeclared, declared);
  const stacks = addStacks(projectApp({ skipValidation: true }), project, settings);

  const texts = new Map<string, string>();
  const drafted: Record<StackId, string[]> = { network: [], app: [] };
  const copies = new Map<string, string>();
  const open: string[] = [];
  for (const stack of ["network", "app"] as const) {
    if (collected.items[stack].length === 0) continue;
    const { items, unreachable } = reached(stack, collected.items[stack], jsons, state);
    const carried = await carriedFiles(hcl, items);
    for (const [from, to] of carried.copies) copies.set(from, to);
    open.push(...unreachable, ...carried.outside);
    const made = freeFile(project, stack);
    const { text, takesStack } = draft({
      stack,
      items,
      accessors: accessorsOf(stacks[stack], stack),
      moduleSources: carried.moduleSources,
      hasFiles: carried.copies.size > 0,
      requiredProviders: requiredProviders(source),
      className: made.className,
    });
    const file = join("additions", `${stack}.ts`);
    const called = withCall(readFileSync(join(project, file), "utf8"), file, stack, made, takesStack);
    texts.set(made.file, text);
    texts.set(file, called);
    drafted[stack] = items.filter(({ kind }) => kind === "managed" || kind === "module").map(({ address }) => address);
  }
  const found = [...drafted.network, ...drafted.app];
  if (found.length > 0) open.push(...leftOut(source));
  for (const [from, to] of copies) {
    const filter = (file: string) => isCopied(hcl, from, file);
    // What is there already stays as it is.
    cpSync(from, join(project, filesFolder, to), { recursive: true, force: false, filter });
  }
  // The team's files last: they call what is there already.
  const files = [...texts].sort(([a], [b]) => Number(/adopted-/.test(b)) - Number(/adopted-/.test(a)));
  for (const [file, text] of files) writeWhole(join(project, file), text, { mode: 0o666 });
  await inOurForm(
    project,
    files.map(([file]) => file),
  );
  return {
    files: [...files.map(([file]) => file), ...[...copies.values()].map((to) => join(filesFolder, to))],
    drafted,
    variables: Object.fromEntries(collected.secrets),
    notFound: undeclared.filter((address) => !found.includes(address)),
    open,
  };
}
