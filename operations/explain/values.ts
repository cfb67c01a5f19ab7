/** Values of a resource in a plan, of which nothing is certain. */

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The blocks of an argument that is a list of them. */
export function blocksOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

/** The block of an argument that there is once at most. */
export function firstBlock(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return blocksOf(value)[0];
}

/** What a table has under a name of a plan: `constructor` is a name like any other. */
export function entryOf<Entry>(table: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
