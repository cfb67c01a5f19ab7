/** Files that a module's text names: local modules, and what functions and arguments read. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize, relative, resolve, sep } from "node:path";
import { ModuleSource } from "../../terraform/source/module";
import type { Item } from "./item";
import { isObject } from "./source";

export interface Carried {
  /** What to copy: from where, to where in the folder of files. */
  readonly copies: ReadonlyMap<string, string>;
  /** Where local modules lie, by their source, from the stack's folder. */
  readonly moduleSources: ReadonlyMap<string, string>;
  /** What is named and lies outside of the module. One sentence each. */
  readonly outside: readonly string[];
}

/** Terraform's own files, and what may hold secrets: none of these is copied. */
export function isCarried(file: string): boolean {
  const name = file.split(sep).at(-1) ?? "";
  return !/^\.terraform|^\.git$|\.tfstate(\.|$)|\.tfvars(\.json)?$|\.tfplan$/.test(name);
}

const isLocal = (source: unknown): source is string => typeof source === "string" && /^\.\.?(\/|$)/.test(source);

/** The folder of a local module, and those of the modules that it calls. */
async function moduleFolders(folder: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(folder) || !existsSync(folder)) return found;
  found.add(folder);
  for (const { attributes } of (await ModuleSource.read(folder)).find("module")) {
    const source = attributes.get("source")?.constant;
    if (isLocal(source)) await moduleFolders(resolve(folder, source), found);
  }
  return found;
}

function commonFolder(folders: readonly string[]): string {
  const [first = "", ...others] = folders.map((folder) => dirname(folder));
  return others.reduce((common, folder) => {
    let shared = common;
    while (shared !== dirname(shared) && folder !== shared && !folder.startsWith(shared + sep))
      shared = dirname(shared);
    return shared;
  }, first);
}

const fileFunctions = "file|filebase64|filebase64sha256|filebase64sha512|filemd5|filesha1|filesha256|filesha512";
const readers = new RegExp(
  String.raw`\b(?:${fileFunctions}|templatefile|fileset)\(\s*"(?!\$\{path\.)([^"$]+)(\$?)`,
  "g",
);
const placed = /\$\{\s*path\.(?:module|root)\s*\}\/?([^"$]*)(\$?)/g;
const fileArguments = ["filename", "source", "source_file", "source_dir", "template_file"];

/** Paths that a body names, up to what is only known at a plan. */
function pathsIn(value: unknown, key = ""): string[] {
  if (typeof value === "string") {
    const named = [...value.matchAll(placed), ...value.matchAll(readers)].map(([, path = "", open = ""]) =>
      open === "" ? path : `${path.slice(0, path.lastIndexOf("/") + 1)}.`,
    );
    return fileArguments.includes(key) && !value.includes("${") ? [...named, value] : named;
  }
  if (Array.isArray(value)) return value.flatMap((one) => pathsIn(one, key));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, name)) : [];
}

export async function carriedFiles(hcl: string, items: readonly Item[]): Promise<Carried> {
  const copies = new Map<string, string>();
  const moduleSources = new Map<string, string>();
  const outside: string[] = [];
  const isWithin = (path: string) => path.startsWith(hcl + sep);

  const called = new Map<string, string>();
  const folders = new Set<string>();
  for (const { kind, body } of items) {
    if (kind !== "module" || !isLocal(body.source)) continue;
    called.set(body.source, resolve(hcl, body.source));
    for (const folder of await moduleFolders(resolve(hcl, body.source))) folders.add(folder);
  }
  // Those outside keep how they lie to each other.
  const common = commonFolder([...folders].filter((folder) => !isWithin(folder)));
  const target = (folder: string) =>
    isWithin(folder) ? relative(hcl, folder) : join("modules", relative(common, folder));
  for (const folder of folders) copies.set(folder, target(folder));
  for (const [source, folder] of called) moduleSources.set(source, `./${target(folder).split(sep).join("/")}`);

  for (const { address, kind, body } of items) {
    for (const path of kind === "module" ? pathsIn({ ...body, source: undefined }) : pathsIn(body)) {
      const file = resolve(hcl, normalize(path));
      if (!existsSync(file)) continue;
      if (file === hcl || isWithin(file)) copies.set(file, relative(hcl, file));
      else outside.push(`${address} reads ${path}, which lies outside of the module`);
    }
  }
  return { copies, moduleSources, outside };
}

/** What of a folder is copied: of the module's own, all but its configuration and its subfolders. */
export function isCopied(hcl: string, from: string, file: string): boolean {
  if (!isCarried(file)) return false;
  if (from !== hcl || file === hcl) return true;
  return dirname(file) === hcl && !statSync(file).isDirectory() && !/\.tf(\.json)?$/.test(file);
}
