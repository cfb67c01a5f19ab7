/** Which files of a build context the engine doesn't get. https://docs.docker.com/build/concepts/context/#dockerignore-files */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { UserError } from "../lib/user-error";

/** Paths are relative to the context, with `/`. */
export interface IgnoreRules {
  ignores(path: string): boolean;
  /** Whether nothing in an ignored folder can be let in again, so that it needs no look. */
  ignoresWhole(folder: string): boolean;
}

/** DOCKERFILE.dockerignore beside the Dockerfile goes before .dockerignore in the context's root; they don't add up. */
export function ignoreFileOf(context: string, dockerfile: string): string | undefined {
  return [`${join(context, dockerfile)}.dockerignore`, join(context, ".dockerignore")].find((file) => existsSync(file));
}

/** @throws UserError where the file has a pattern that is none */
export function ignoreRules(context: string, dockerfile: string): IgnoreRules {
  const file = ignoreFileOf(context, dockerfile);
  const lines =
    file === undefined
      ? []
      : readFileSync(file, "utf8")
          .replace(/^\uFEFF/, "")
          .split(/\r?\n/);
  // The library leaves these to JavaScript's regular expressions; to Docker they are plain characters.
  const patterns = lines.map((line) => line.replace(/[+(){}|]/g, "\\$&"));
  const rules = dockerignore({ ignorecase: false }).add(patterns);
  const exceptions = lines
    .map((line) => line.trim())
    .filter((line) => line.startsWith("!"))
    .map((line) =>
      line
        .slice(1)
        .trim()
        .replace(/^\.?\/+/, ""),
    );
  // As Docker does: an exception with a wildcard may lie anywhere, a plain one below the folders that it names.
  const anywhere = exceptions.some((exception) => /[*?[\\]/.test(exception));
  const ignores = (path: string): boolean => {
    try {
      return rules.ignores(path);
    } catch (error) {
      throw new UserError(`${file} has a pattern that can't be read (${(error as Error).message}): correct it.`);
    }
  };
  return {
    ignores,
    ignoresWhole: (folder) =>
      !anywhere && !exceptions.some((exception) => `${exception}/`.startsWith(`${folder}/`)) && ignores(folder),
  };
}
