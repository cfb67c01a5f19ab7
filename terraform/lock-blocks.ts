/** The blocks of a provider lock file, one a provider, and what becomes of those of the other tool's registry. */

const block = /^provider "([^"]+)" \{\n(?:.*\n)*?\}\n/gm;
const registries = ["registry.terraform.io", "registry.opentofu.org"] as const;

/** Terraform's first, and then OpenTofu's, which has builds of its own and so other hashes. */
export type Registry = (typeof registries)[number];

/** By source address: `registry.terraform.io/hashicorp/aws`. */
export type LockBlocks = ReadonlyMap<string, string>;

export function lockBlocks(text: string): LockBlocks {
  return new Map([...text.matchAll(block)].map(([whole, source = ""]) => [source, whole]));
}

export function versionIn(lockBlock: string | undefined): string | undefined {
  return /^\s*version\s*=\s*"(.+)"$/m.exec(lockBlock ?? "")?.[1];
}

const hasHashes = (text: string) => /^\s*"(h1|zh):/m.test(text);

function withoutHashes(source: string, version: string, constraints: string): string {
  return `provider "${source}" {\n  version     = "${version}"\n${constraints}}\n`;
}

function constraintsIn(text: string): string {
  return /^\s*constraints\s*=.*\n/m.exec(text)?.[0] ?? "";
}

/**
 * What one tool has locked, and for the other the same versions: its own hashes where they are known, otherwise none, so that
 * it notes those of its own build at its first `init`.
 * @param made what the tool that runs has written
 * @param kept the file so far
 * @returns the file's blocks, and the sources whose hashes only the other tool can tell
 */
export function withOtherRegistry(
  made: string,
  kept: string,
): { readonly blocks: LockBlocks; readonly open: string[] } {
  const [fresh, former] = [lockBlocks(made), lockBlocks(kept)];
  const open: string[] = [];
  const others = [...fresh].flatMap(([source, text]) => {
    const own = registries.find((one) => source.startsWith(`${one}/`));
    const registry = registries.find((one) => one !== own);
    const version = versionIn(text);
    if (own === undefined || registry === undefined || version === undefined) return [];
    const other = source.replace(own, registry);
    if (fresh.has(other)) return [];
    const known = former.get(other);
    if (known !== undefined && versionIn(known) === version && hasHashes(known)) return [[other, known] as const];
    open.push(other);
    return [[other, withoutHashes(other, version, constraintsIn(text))] as const];
  });
  const all = [...fresh, ...others].sort(([one], [other]) => order(one) - order(other));
  return { blocks: new Map(all), open };
}

/** Terraform's before OpenTofu's. */
function order(source: string): number {
  return registries.findIndex((one) => source.startsWith(`${one}/`));
}

/** The lock file without the blocks of a registry. */
export function withoutRegistry(text: string, registry: Registry): string {
  return text
    .replace(block, (whole, source: string) => (source.startsWith(`${registry}/`) ? "" : whole))
    .trimEnd()
    .concat("\n");
}

/** Hashes that an `init` has noted in a folder's file stay where the kept file has none for the same version. */
export function withNotedHashes(text: string, noted: string): string {
  const there = lockBlocks(noted);
  return text.replace(block, (whole, source: string) => {
    const own = there.get(source) ?? "";
    const isSame = versionIn(own) === versionIn(whole) && hasHashes(own);
    return isSame && !hasHashes(whole) ? own : whole;
  });
}
