/**
 * Reads the settings once, at an entry point: defaults, then the file, then the environment. Everything wrong is
 * reported at once.
 */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
import { suggestion } from "../lib/nearest";
import { shown, UserError } from "../lib/user-error";
import { type Settings, settingsSchema } from "./schema";

export const settingsFileName = "settings.json";
/** Names the settings file; a relative one counts from the project's folder. */
export const settingsFileVariable = "CRUDDUR_SETTINGS";
const variablePrefix = "CRUDDUR_";

/** One setting that can be set: `database.instanceClass`, in the environment `CRUDDUR_DATABASE_INSTANCE_CLASS`. */
export interface SettingLeaf {
  readonly path: string;
  readonly variable: string;
  readonly allowed: string;
  readonly schema: z.ZodType;
}

export interface EffectiveSetting {
  readonly path: string;
  readonly value: unknown;
  /** `default`, the file's name, or the environment variable's. */
  readonly origin: string;
  readonly variable: string;
  readonly allowed: string;
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly effective: readonly EffectiveSetting[];
}

type Tree = Record<string, unknown>;

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema;
}

function describedLeaves(schema: z.ZodType, path: readonly string[]): SettingLeaf[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, child]) => describedLeaves(child as z.ZodType, [...path, key]));
  }
  const words = path.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return [
    {
      path: path.join("."),
      variable: variablePrefix + words.join("_"),
      allowed: schema.description ?? "",
      schema: inner,
    },
  ];
}

export const settingLeaves: readonly SettingLeaf[] = describedLeaves(settingsSchema, []);

export function readSettingsFile(file: string, mustExist: boolean): Tree {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !mustExist) return {};
    throw new UserError(`The settings file ${file} can't be read (${code}): give a readable JSON file.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`The settings file ${file} is not valid JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(`The settings file ${file} holds ${shown(value)}: give a JSON object, such as {}.`);
  }
  const { $schema: _editorsOnly, ...settings } = value as Tree;
  return settings;
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], tree);
}

function withValueAt(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (key === undefined) return tree;
  if (rest.length === 0) return { ...tree, [key]: value };
  const child = tree[key];
  return {
    ...tree,
    [key]: withValueAt(typeof child === "object" && child !== null ? (child as Tree) : {}, rest, value),
  };
}

/** Environment variables are text: a leaf that is not text takes JSON (`true`, `["a"]`), or else the text, refused later. */
function parsedVariable(leaf: SettingLeaf, text: string): unknown {
  if (leaf.schema instanceof z.ZodString || leaf.schema instanceof z.ZodEnum) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function hint(name: string, known: readonly string[]): string {
  return suggestion(name, known, `known are ${known.join(", ")}`);
}

export interface LoadOptions {
  /** The project's folder. @default the current one */
  readonly directory?: string;
  /** @default the process's */
  readonly environment?: NodeJS.ProcessEnv;
}

/** @throws UserError for an unreadable file and for wrong or unknown settings, all of them in one text. */
export function loadSettings({
  directory = process.cwd(),
  environment = process.env,
}: LoadOptions = {}): LoadedSettings {
  const named = environment[settingsFileVariable];
  const fileName = named ?? settingsFileName;
  const file = isAbsolute(fileName) ? fileName : join(directory, fileName);
  const fromFile = readSettingsFile(file, named !== undefined);

  const problems: string[] = [];
  let tree = fromFile;
  const originOf = new Map<string, string>();
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(variablePrefix) || variable === settingsFileVariable || text === undefined) continue;
    const leaf = settingLeaves.find((candidate) => candidate.variable === variable);
    if (leaf === undefined) {
      const known = [...settingLeaves.map((candidate) => candidate.variable), settingsFileVariable];
      problems.push(`${variable} (environment) is not a setting: ${hint(variable, known)}`);
      continue;
    }
    tree = withValueAt(tree, leaf.path.split("."), parsedVariable(leaf, text));
    originOf.set(leaf.path, variable);
  }

  const parsed = settingsSchema.safeParse(tree);
  for (const issue of parsed.error?.issues ?? []) problems.push(...describedIssue(issue, tree, fileName, originOf));
  problems.push(...contradictions(tree, fileName));
  if (!parsed.success || problems.length > 0) {
    throw new UserError(`Wrong settings:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }

  const settings = parsed.data;
  const effective = settingLeaves.map(({ path, variable, allowed }) => {
    const set = valueAt(tree, path.split(".")) !== undefined;
    const origin = originOf.get(path) ?? (set ? fileName : "default");
    return { path, value: valueAt(settings, path.split(".")), origin, variable, allowed };
  });
  return { settings, effective };
}

/** What no setting shows alone. Looks at the tree as it was given, so that it is told along with everything else. */
function contradictions(tree: Tree, fileName: string): string[] {
  const given = (path: string) => valueAt(tree, path.split("."));
  if (given("backend.type") !== "s3") return [];
  const required = ["backend.bucket", "backend.keys.app"]
    .filter((path) => given(path) === undefined)
    .map((path) => {
      const leaf = settingLeaves.find((candidate) => candidate.path === path);
      return `${path} is missing: with the backend "s3" give the ${leaf?.allowed} (in ${fileName}, or by ${leaf?.variable})`;
    });
  const defaults = settingsSchema.parse({}).backend.keys;
  const stacks =
    given("images.enabled") === true ? (["network", "app", "images"] as const) : (["network", "app"] as const);
  const keyOf = (stack: (typeof stacks)[number]) => given(`backend.keys.${stack}`) ?? defaults[stack];
  const same = stacks.flatMap((one, index) =>
    stacks
      .slice(index + 1)
      .flatMap((other) => (keyOf(one) !== undefined && keyOf(one) === keyOf(other) ? [[one, other]] : [])),
  );
  return [
    ...required,
    ...same.map(
      ([one = "", other = ""]) =>
        `backend.keys.${one} and backend.keys.${other} are both ${shown(keyOf(one as never))}: give each stack a state of its own`,
    ),
  ];
}

function describedIssue(
  issue: z.core.$ZodIssue,
  tree: Tree,
  fileName: string,
  originOf: ReadonlyMap<string, string>,
): string[] {
  const path = issue.path.join(".");
  const prefix = path === "" ? "" : `${path}.`;
  if (issue.code === "unrecognized_keys") {
    const known = settingLeaves.map((leaf) => leaf.path).filter((name) => name.startsWith(prefix));
    return issue.keys.map((key) => {
      const groups = known.map((name) => prefix + (name.slice(prefix.length).split(".")[0] ?? ""));
      return `${prefix}${key} (${fileName}) is not a setting: ${hint(prefix + key, [...new Set([...groups, ...known])])}`;
    });
  }
  if (issue.code === "custom") return [issue.message];
  const leaf = settingLeaves.find((candidate) => path === candidate.path || path.startsWith(`${candidate.path}.`));
  const origin = (leaf && originOf.get(leaf.path)) ?? fileName;
  const allowed = leaf?.allowed ?? "an object of settings";
  return [`${path} (${origin}) is ${shown(valueAt(tree, issue.path))}: allowed is ${allowed}`];
}
