/**
 * The ignore file of a staged context. What the team's own leaves out isn't there any more; an engine that read it once more
 * would at best leave out nothing, and engines differ. So the staged one names only what is there and yet no part of the
 * context: an ignored Dockerfile, and itself.
 */
import { join, posix } from "node:path";
import type { BuildContext, ContextEntry } from "./context";
import { ignoreFileOf, ignoreRules } from "./ignore-rules";

/**
 * Who reads it: BuildKit and podman look for DOCKERFILE.dockerignore first; who sends the context as an archive, as the Docker
 * provider does, knows .dockerignore in the root alone.
 */
export type IgnoreReader = "buildkit" | "archive";

/** @param entries of the context @returns files to write, by their path; none where the team's own does no harm */
export function ownIgnoreFiles(
  context: BuildContext,
  entries: readonly ContextEntry[],
  reader: IgnoreReader,
): { readonly path: string; readonly text: string }[] {
  const { folder, dockerfile, generated = {} } = context;
  const rules = ignoreRules(folder, dockerfile);
  const isIgnored = (path: string) => ignores(rules, path);
  const isThere = new Set(entries.map(({ path }) => path).filter((path) => path !== dockerfile || !isIgnored(path)));
  const path = reader === "buildkit" ? `${dockerfile}.dockerignore` : ".dockerignore";
  const isInForce = ignoreFileOf(folder, dockerfile) === join(folder, path);
  const losesNothing =
    isInForce && !Object.keys(generated).some(isIgnored) && (reader === "buildkit" || !rules.hasWildcardExceptions);
  // It is the team's, and goes into the image with the rest.
  if (isThere.has(path) && losesNothing) return [];
  const folders = new Set([...isThere].flatMap(parentsOf));
  const extra = [dockerfile, path].filter((one) => !isThere.has(one));
  // With the folders that are there for its sake.
  const topmost = extra.map((one) => parentsOf(one).findLast((part) => !folders.has(part) && isIgnored(part)) ?? one);
  return [{ path, text: [...new Set(topmost)].map((one) => `${escaped(one)}\n`).join("") }];
}

function ignores(rules: ReturnType<typeof ignoreRules>, path: string): boolean {
  let results: readonly boolean[] = [];
  for (const parent of parentsOf(path).reverse()) results = rules.look(parent, results).results;
  return rules.look(path, results).isIgnored;
}

/** The folders that a path lies in, the nearest first. */
function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) parents.push(parent);
  return parents;
}

/** As a pattern that means this path alone. */
function escaped(path: string): string {
  return `/${path.replace(/[\\*?[\]^]/g, "\\$&")}`;
}
