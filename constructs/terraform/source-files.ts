import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Claim } from "./addressed-stack";

/** A managed address with where it comes from: one line of the register as scripts read it. */
export interface RegisteredAddress {
  readonly stack: string;
  readonly address: string;
  readonly constructPath: string;
  /** The file that declares the construct around it, relative to the project; null where none is found. */
  readonly sourceFile: string | null;
}

/** Where constructs are declared. */
const sourceFolders = ["constructs", "stacks", "additions"];

/** Finds the file of each class. Class names are unique in the project, so that a name leads to one file. */
export function classFiles(project: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of sourceFolders) {
    for (const name of readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const file = `${folder}/${name.replaceAll("\\", "/")}`;
      const text = readFileSync(join(project, file), "utf8");
      for (const [, className = ""] of text.matchAll(/^(?:export )?class (\w+)/gm)) files.set(className, file);
    }
  }
  return files;
}

/** The managed addresses of a register, and modules, with their source files. */
export function registeredAddresses(claims: readonly Claim[], project: string): RegisteredAddress[] {
  const files = classFiles(project);
  return claims
    .filter(({ kind }) => kind === "managed" || kind === "module")
    .map(({ stack, address, constructPath, ownerClass }) => {
      return { stack, address, constructPath, sourceFile: files.get(ownerClass) ?? null };
    });
}
