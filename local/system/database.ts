/** What a new database runs: the team's schema and seed, beside its backend. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SystemFolder } from "./record";

const names = ["schema.sql", "seed.sql"] as const;

export interface DatabaseFiles {
  /** Copies, which the database's own user can read. */
  readonly files: readonly string[];
  /** A sentence for each that isn't there. */
  readonly notes: readonly string[];
}

/** @param backend folder of the backend */
export function databaseFiles(backend: string, folder: SystemFolder): DatabaseFiles {
  const source = (name: string) => join(backend, "db", name);
  const there = names.filter((name) => existsSync(source(name)));
  const missing = names.filter((name) => !there.includes(name));
  return {
    files: there.map((name) => folder.share(join("database", name), readFileSync(source(name), "utf8"))),
    notes: missing.map((name) => `There is no db/${name} in ${backend}, so the database begins without it.`),
  };
}
