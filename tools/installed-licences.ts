/** The licences of the npm packages that are installed, and which of them are allowed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import satisfies from "spdx-satisfies";

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says, usually an expression of SPDX's; null where it says nothing. */
  readonly licence: string | null;
  readonly verdict: "allowed" | "not allowed" | "unknown";
}

/** By SPDX's identifiers. None of them asks of this project more than to keep their notices. */
const allowed = [
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense"],
  ...["CC0-1.0", "CC-BY-3.0", "CC-BY-4.0"],
  // Of cdktf, whose files are used as they are.
  "MPL-2.0",
];

/** By package, what is stated in other words than SPDX's. */
const read: Readonly<Record<string, string>> = { jsonify: "Public Domain" };

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
  /** As packages had it before 2014. */
  readonly licenses?: readonly { readonly type?: string }[];
}

/** @returns the licence that a package.json names; several of the old form are a choice */
function licenceOf({ license, licenses = [] }: Manifest): string | null {
  const single = typeof license === "string" ? license : license?.type;
  const choice = licenses.flatMap(({ type }) => type ?? []);
  const text = single ?? (choice.length > 1 ? `(${choice.join(" OR ")})` : choice[0]);
  return text?.trim() || null;
}

function verdictOn(name: string, licence: string | null): InstalledPackage["verdict"] {
  if (licence === null) return "unknown";
  if (read[name] === licence) return "allowed";
  try {
    return satisfies(licence, allowed) ? "allowed" : "not allowed";
  } catch {
    // No expression of SPDX's: `SEE LICENSE IN …`, or a word of somebody's own.
    return "unknown";
  }
}

/**
 * Those of package-lock.json that are there: what is for another platform isn't. Links lead to folders of the project itself.
 * @returns sorted by name and version, each once
 */
export function installedPackages(project: string): InstalledPackage[] {
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly link?: boolean }>>;
  };
  const files = Object.entries(lock.packages)
    .filter(([path, { link }]) => path.startsWith("node_modules/") && link !== true)
    .map(([path]) => join(project, path, "package.json"))
    .filter((file) => existsSync(file));
  const found = files.map((file): InstalledPackage => {
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    const { name = "", version = "" } = manifest;
    const licence = licenceOf(manifest);
    return { name, version, licence, verdict: verdictOn(name, licence) };
  });
  const byKey = new Map(found.map((one) => [`${one.name} ${one.version} ${one.licence}`, one]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
