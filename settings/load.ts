/**
 * Reads the settings once, at an entry point: defaults, then the file, then the environment. Everything wrong is
 * reported at once.
 */
import { resolve } from "node:path";
import type * as z from "zod";
import { suggestion } from "../lib/nearest";
import { printable } from "../lib/printable";
import { shown, UserError } from "../lib/user-error";
import { splitStackIds, stackIds } from "../services/names";
import { cleanVariable, environmentSettings, settingsFileVariable } from "./environment";
import { readSettingsFile, type Tree } from "./file";
import { settingLeaves } from "./leaves";
import { type Settings, settingsSchema } from "./schema";

export const settingsFileName = "settings.json";

export interface EffectiveSetting {
  readonly path: string;
  readonly value: unknown;
  /** `default`, the file's name, or the environment variable's. */
  readonly origin: string;
  readonly variable: string;
  /** What counts where nobody sets it. */
  readonly defaultValue: unknown;
  readonly purpose: string;
  readonly allowed: string;
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly effective: readonly EffectiveSetting[];
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

export interface LoadOptions {
  /** The project's folder. */
  readonly directory: string;
  /** @default the process's */
  readonly environment?: NodeJS.ProcessEnv;
}

/** @throws UserError for an unreadable file and for wrong or unknown settings, all of them in one text. */
export function loadSettings({ directory, environment = process.env }: LoadOptions): LoadedSettings {
  const named = cleanVariable(environment[settingsFileVariable]);
  const fileName = named ?? settingsFileName;
  const file = readSettingsFile(resolve(directory, fileName), named !== undefined);
  const fromEnvironment = environmentSettings(environment);

  const problems = [...file.problems, ...fromEnvironment.problems];
  let tree = file.tree;
  const originOf = new Map<string, string>();
  for (const { leaf, value } of fromEnvironment.values) {
    tree = withValueAt(tree, leaf.path.split("."), value);
    originOf.set(leaf.path, leaf.variable);
  }

  const parsed = settingsSchema.safeParse(tree);
  for (const issue of parsed.error?.issues ?? []) problems.push(...describedIssue(issue, tree, fileName, originOf));
  problems.push(...contradictions(tree, fileName));
  if (!parsed.success || problems.length > 0) {
    throw new UserError(`Wrong settings:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }

  const settings = parsed.data;
  const defaults = settingsSchema.parse({});
  const effective = settingLeaves.map(({ path, variable, purpose, allowed }) => {
    const set = valueAt(tree, path.split(".")) !== undefined;
    const origin = originOf.get(path) ?? (set ? fileName : "default");
    const [value, defaultValue] = [settings, defaults].map((of) => valueAt(of, path.split(".")));
    return { path, value, origin, variable, defaultValue, purpose, allowed };
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
  const stacks = given("images.enabled") === true ? Object.values(stackIds) : splitStackIds;
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

/** @param known paths of the settings below the prefix */
function hint(key: string, prefix: string, known: readonly string[]): string {
  if (known.includes(prefix + key)) {
    const nested = key.split(".").reduceRight((inner, name) => `{ "${name}": ${inner} }`, "…");
    return `write it as ${nested}`;
  }
  const groups = known.map((name) => prefix + (name.slice(prefix.length).split(".")[0] ?? ""));
  return suggestion(prefix + key, [...new Set([...groups, ...known])], `known are ${known.join(", ")}`);
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
    return issue.keys.map(
      (key) => `${printable(prefix + key)} (${fileName}) is not a setting: ${hint(key, prefix, known)}`,
    );
  }
  const leaf = settingLeaves.find((candidate) => path === candidate.path || path.startsWith(`${candidate.path}.`));
  const origin = (leaf && originOf.get(leaf.path)) ?? fileName;
  const allowed = leaf?.allowed ?? "an object of settings";
  // A rule that a pattern can't say gives its reason.
  const reason = issue.code === "custom" ? `${issue.message}; ` : "";
  return [`${path} (${origin}) is ${shown(valueAt(tree, issue.path))}: ${reason}allowed is ${allowed}`];
}
