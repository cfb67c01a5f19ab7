/** A module's source: which files count, what overrides what, and where the modules are that it calls. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Address, steps } from "../address";
import { type Found, findArgument, type SourceBlock, type SourceValue } from "./block";
import { readJson } from "./json";
import { readNative } from "./native";

/** Names of a module's configuration files in Terraform's order: those that override come last. */
export function configurationFiles(folder: string): string[] {
  const isIgnored = (name: string) => name.startsWith(".") || name.endsWith("~") || /^#.*#$/.test(name);
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => /\.tf(\.json)?$/.test(entry.name) && !isIgnored(entry.name) && !entry.isDirectory())
    .map(({ name }) => name);
  const isOverride = (name: string) => /(^|_)override\.tf(\.json)?$/.test(name);
  return names.sort((a, b) => Number(isOverride(a)) - Number(isOverride(b)) || (a < b ? -1 : 1));
}

export class ModuleSource {
  private constructor(
    private readonly blocks: readonly SourceBlock[],
    private readonly modules: ReadonlyMap<string, ModuleSource>,
  ) {}

  /** Of a module that is not at hand: nothing is found in it. */
  static readonly none = new ModuleSource([], new Map());

  /** @param folder of the root module */
  static read(folder: string): Promise<ModuleSource> {
    return ModuleSource.readIn(folder, folder, [], installedModules(folder));
  }

  private static async readIn(
    root: string,
    folder: string,
    path: readonly string[],
    installed: ReadonlyMap<string, string>,
  ): Promise<ModuleSource> {
    const blocks: SourceBlock[] = [];
    for (const name of configurationFiles(folder)) {
      const text = textOf(join(folder, name));
      const file = relative(root, join(folder, name));
      blocks.push(...(name.endsWith(".json") ? readJson(text, file) : await readNative(text, file)));
    }
    const modules = new Map<string, ModuleSource>();
    for (const { type, labels, attributes } of blocks) {
      const [name] = labels;
      if (type !== "module" || name === undefined) continue;
      const source = attributes.get("source")?.constant;
      const isLocal = typeof source === "string" && /^\.\.?(\/|\\|$)/.test(source);
      const child = isLocal ? resolve(folder, source) : installed.get([...path, name].join("."));
      // A module can't contain itself, but a folder that isn't one yet may look so.
      if (child === undefined || !existsSync(child) || path.length > 20) continue;
      modules.set(name, await ModuleSource.readIn(root, child, [...path, name], installed));
    }
    return new ModuleSource(blocks, modules);
  }

  /** The blocks of a type and labels, in Terraform's order: each overrides those before it. */
  find(type: string, ...labels: readonly string[]): SourceBlock[] {
    return this.blocks.filter(
      (block) => block.type === type && labels.every((label, index) => block.labels[index] === label),
    );
  }

  /** The same of a module within. */
  blocksIn(modules: readonly string[], type: string): SourceBlock[] {
    return this.module(modules)?.find(type) ?? [];
  }

  private module(names: readonly string[]): ModuleSource | undefined {
    const [first, ...rest] = names;
    return first === undefined ? this : this.modules.get(first)?.module(rest);
  }

  private resources({ modules, mode, type, name }: Address): SourceBlock[] {
    return this.module(modules)?.find(mode === "data" ? "data" : "resource", type, name) ?? [];
  }

  resource(address: Address): SourceBlock | undefined {
    return this.resources(address)[0];
  }

  /** Where an argument of a resource is set, by whichever file does so last. */
  argument(address: Address, path: readonly string[]): Found | undefined {
    return lastArgument(this.resources(address), path);
  }

  /** What a resource's `ignore_changes` lists; `["all"]` for everything. */
  ignoredChanges(
    address: Address,
  ): { readonly paths: readonly (readonly string[])[]; readonly value: SourceValue } | undefined {
    const value = this.argument(address, ["lifecycle", "0", "ignore_changes"])?.value;
    if (value === undefined) return undefined;
    const texts = (value.items ?? [value]).map(({ constant, text }) => String(constant ?? text));
    const paths = texts.map((text) => (steps(text) ?? []).flatMap(({ name, keys }) => [name, ...keys.map(String)]));
    return { paths, value };
  }

  /** The blocks of a provider: `aws`, and with an alias `aws.east`. */
  provider(name: string, alias?: string): SourceBlock[] {
    return this.find("provider", name).filter(({ attributes }) => attributes.get("alias")?.constant === alias);
  }
}

/** What Terraform itself has a word on (a link to nothing, a file of somebody else's) says nothing here. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

export function lastArgument(blocks: readonly SourceBlock[], path: readonly string[]): Found | undefined {
  return blocks.reduce<Found | undefined>((found, block) => {
    const here = findArgument(block, path);
    // A block that says nothing of an argument doesn't override it.
    return here?.value === undefined ? (found ?? here) : here;
  }, undefined);
}

/** Where `terraform init` has put the modules that come from elsewhere, by their path of names. */
function installedModules(folder: string): Map<string, string> {
  const record = join(folder, ".terraform", "modules", "modules.json");
  try {
    const { Modules } = JSON.parse(readFileSync(record, "utf8")) as { Modules: { Key: string; Dir: string }[] };
    return new Map(Modules.map(({ Key, Dir }) => [Key, resolve(folder, Dir)]));
  } catch {
    // Not initialized; then their sources are not at hand.
    return new Map();
  }
}
