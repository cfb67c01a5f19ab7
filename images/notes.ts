/** What whoever builds an image should know, as it isn't what it looks like. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildContext, displacedFiles } from "./context";

/**
 * Sentences: which files of the context aren't used, and which build arguments the Dockerfile doesn't take, so that the
 * engine drops them.
 */
export function buildNotes(context: BuildContext, buildArguments: readonly string[] = []): string[] {
  const { name, folder, dockerfile, generated = {} } = context;
  const displaced = displacedFiles(context).map(
    (path) => `NOTE: ${path} in ${folder} is not used: the image ${name} has the one that the settings give.`,
  );
  const declared = declaredArguments(generated[dockerfile] ?? readFileSync(join(folder, dockerfile), "utf8"));
  const dropped = buildArguments.filter((argument) => !declared.has(argument));
  if (dropped.length === 0) return displaced;
  return [
    ...displaced,
    `NOTE: ${dockerfile} in ${folder} takes no build argument ${dropped.join(", ")}: ${name} is built without. docs/frontend.md has a Dockerfile that takes them.`,
  ];
}

/** https://docs.docker.com/reference/dockerfile/#arg */
function declaredArguments(dockerfile: string): Set<string> {
  const lines = dockerfile.replace(/\\\r?\n/g, " ").matchAll(/^\s*ARG\s+(.+)$/gim);
  return new Set([...lines].flatMap(([, list = ""]) => list.trim().split(/\s+/)).map((one) => one.replace(/=.*/, "")));
}
