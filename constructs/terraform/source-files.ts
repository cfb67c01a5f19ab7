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
  /** Where in it the construct's class begins, from 1. */
  readonly sourceLine: number | null;
}

/** Where constructs are declared. */
const sourceFolders = ["constructs", "stacks", "additions"];

interface ClassPlace {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
}

/** Finds each class. Class names are unique in the project, so that a name leads to one file. */
export function classPlaces(project: string): Map<string, ClassPlace> {
  const places = new Map<string, ClassPlace>();
  for (const folder of sourceFolders) {
    for (const name of readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const file = `${folder}/${name.replaceAll("\\", "/")}`;
      const text = readFileSync(join(project, file), "utf8");
      for (const { 1: className = "", index } of text.matchAll(/^(?:export )?class (\w+)/gm)) {
        places.set(className, { file, line: text.slice(0, index).split("\n").length });
      }
    }
  }
  return places;
}

/** The managed addresses of a register, and modules, with their source files. */
export function registeredAddresses(claims: readonly Claim[], project: string): RegisteredAddress[] {
  const places = classPlaces(project);
  return claims
    .filter(({ kind }) => kind === "managed" || kind === "module")
    .map(({ stack, address, constructPath, ownerClass }) => {
      const { file: sourceFile = null, line: sourceLine = null } = places.get(ownerClass) ?? {};
      return { stack, address, constructPath, sourceFile, sourceLine };
    });
}
