/** Mutants of JSON documents, as a fault or a stranger makes them. */
import type { Random } from "./random";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Holder = Json[] | { [key: string]: Json };

const strange: Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  "",
  "constructor",
  "__proto__",
  "toString",
  "\u001b[2K\n",
  "\u202e",
  "delete",
  "no-op",
  "create",
  "forget",
  "teleport",
  "ephemeral",
  "data",
  [],
  {},
  [[]],
  [null],
  { a: null },
  ["delete"],
  [["delete"]],
];

export function isHolder(value: Json | undefined): value is Holder {
  return typeof value === "object" && value !== null;
}

/** A place somewhere in the document, more often near the top, where more depends on it. */
function placeIn(document: Json, random: Random): [Holder, string] {
  let holder = document as Holder;
  for (;;) {
    const key = random.one(Object.keys(holder));
    const inner = holder[key as never] as Json;
    if (!isHolder(inner) || Object.keys(inner).length === 0 || random.below(7) === 0) return [holder, key];
    holder = inner;
  }
}

/** Changes a document in one place. @returns what it did, for a test that fails */
export function mutate(document: Json, random: Random): string {
  const [holder, key] = placeIn(document, random);
  const record = holder as Record<string, Json>;
  const kinds: Record<string, () => void> = {
    remove: () => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete record[key]),
    replace: () => Object.assign(record, { [key]: random.one(strange) }),
    rename: () => {
      if (Array.isArray(holder)) return;
      const value = record[key] as Json;
      delete record[key];
      Object.assign(record, { [`${key}${random.one(["2", "\n", "_", "é"])}`]: value });
    },
    add: () =>
      Object.assign(record, {
        [String(random.one(["deposed", "change", "later", "0", "importing"]))]: random.one(strange),
      }),
    wrap: () =>
      Object.assign(record, { [key]: random.one<Json>([[record[key] as Json], { value: record[key] as Json }]) }),
    twice: () => Array.isArray(holder) && holder.push(structuredClone(holder[Number(key)] as Json)),
    nest: () =>
      Object.assign(record, {
        [key]: Array.from({ length: 50 }).reduce<Json>((inner) => [inner], record[key] as Json),
      }),
    escape: () => typeof record[key] === "string" && Object.assign(record, { [key]: `${record[key]}\u001b[1A\r\n` }),
  };
  const kind = random.one(Object.keys(kinds));
  kinds[kind]?.();
  return `${kind} ${key}`;
}
