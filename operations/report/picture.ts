/** The architecture with what a plan does marked in it: each mark leads to its explanation. */
import { keySuffix, parseAddress } from "../../terraform/address";
import { type StackJson, SynthesizedStacks } from "../../terraform/synthesized";
import { architecture } from "../diagram/architecture";
import { dot } from "../diagram/dot";
import type { Graph, MarkKind, MarkLine } from "../diagram/graph";
import { svgOf } from "../diagram/svg";
import type { Item, Mark } from "../explain/report";
import { Places } from "./places";

/** Terraform's signs, which its users know, and the word. */
export const markWords: Readonly<Record<Mark, readonly [sign: string, word: string, kind: MarkKind]>> = {
  destroyed: ["-", "DESTROYED", "bad"],
  replaced: ["-/+", "REPLACED", "bad"],
  unknown: ["?", "not known", "bad"],
  restarts: ["↻", "restarts", "restart"],
  revision: ["+", "new revision", "change"],
  changed: ["~", "changed in place", "change"],
  removed: ["-", "removed without loss", "change"],
  created: ["+", "created", "new"],
};

const order = Object.keys(markWords) as Mark[];

/** A replacement that loses nothing isn't as loud. */
export function shownMark({ mark, what }: Item): readonly [sign: string, word: string, kind: MarkKind] | undefined {
  if (mark === undefined) return undefined;
  if (mark === "replaced" && !/[A-Z]{4}/.test(what)) return ["-/+", "replaced without loss", "change"];
  return markWords[mark];
}

/** So many of one kind are told one by one in one box. */
const toldInABox = 4;

export interface PlacedItem {
  /** Of its explanation on the page. */
  readonly id: string;
  readonly item: Item;
  /** The stack that the item's plan is of; undefined where it is none of the project's. */
  readonly stack: string | undefined;
}

export interface Picture {
  readonly svg: string;
  /** By the id of an item, that of its mark: where one stands for many, that of the picture. */
  readonly marks: ReadonlyMap<string, string>;
}

export async function picture(json: readonly StackJson[], items: readonly PlacedItem[]): Promise<Picture> {
  const graph = architecture(json);
  const places = new Places(graph, new SynthesizedStacks(json));
  const byPlace = new Map<string, PlacedItem[]>();
  const marked = new Set<string>();
  /** Boxes for what isn't drawn otherwise, with their stacks: what leaves the stack, and what the settings of now don't have. */
  const beside = new Map<string, { readonly title: string; readonly stack: string }>();
  for (const placed of items) {
    const { stack, item } = placed;
    if (item.mark === undefined || stack === undefined) continue;
    const found = places.of(stack, item.address);
    if (found.length === 0) {
      const title = item.mark === "destroyed" || item.mark === "removed" ? "No longer declared" : "Not drawn otherwise";
      found.push(`${title}.${stack}`);
      beside.set(`${title}.${stack}`, { title, stack });
    }
    for (const place of found) byPlace.set(place, [...(byPlace.get(place) ?? []), placed]);
    marked.add(placed.id);
  }
  const withMarks = <Part extends { readonly id: string }>(part: Part) => {
    const own = byPlace.get(part.id);
    return own === undefined ? part : { ...part, marks: markLines(part.id, own) };
  };
  const besideNodes = [...beside].map(([id, { title, stack }]) => ({
    id,
    kind: "more" as const,
    title,
    rows: [],
    group: stack,
  }));
  const markedGraph: Graph = {
    ...graph,
    nodes: [...graph.nodes, ...besideNodes].map(withMarks),
    groups: graph.groups.map(withMarks),
  };
  const svg = linked(await svgOf(dot(markedGraph), "The stacks, with what the plan does"));
  return {
    svg,
    marks: new Map([...marked].map((id) => [id, svg.includes(` id="${markId(id)}"`) ? markId(id) : "picture"])),
  };
}

const markId = (item: string) => `mark-${item}`;

/** A picture whose links can be reached, and lead back: for a screen reader there is more in it than its title. */
function linked(svg: string): string {
  const taken = new Set<string>();
  return svg
    .replace('<svg role="img"', '<svg role="group"')
    .replace(/ xmlns:xlink="[^"]*"/, "")
    .replaceAll(/xlink:title="/g, 'aria-label="')
    .replaceAll(/xlink:href="/g, 'href="')
    .replaceAll(/<g id="(?:a_)?\w+"/g, "<g")
    .replaceAll(/<a href="#([\w-]+)"/g, (whole, item: string) => {
      if (taken.has(item)) return whole;
      taken.add(item);
      return whole.replace("<a", `<a id="${markId(item)}"`);
    });
}

function markLines(place: string, items: readonly PlacedItem[]): MarkLine[] {
  const kinds = new Map<string, PlacedItem[]>();
  const sorted = [...items].sort((a, b) => rank(a) - rank(b));
  for (const placed of sorted) {
    const word = shownMark(placed.item)?.[1] ?? "";
    kinds.set(word, [...(kinds.get(word) ?? []), placed]);
  }
  return [...kinds.values()].flatMap((alike) => {
    const [first] = alike;
    const shown = first && shownMark(first.item);
    if (first === undefined || shown === undefined) return [];
    const [sign, word, kind] = shown;
    if (alike.length > toldInABox) {
      const title = `${alike.length} ${word}: ${alike.map(({ item }) => item.address).join(", ")}`;
      return [{ text: `${sign} ${alike.length} ${word}`, title, href: `#${first.id}`, kind }];
    }
    return alike.map(({ id, item }) => {
      const part = partOf(place, item.address);
      const text = `${sign} ${word}${part === "" ? "" : `: ${part}`}`;
      return { text, title: `${item.address}: ${word}`, href: `#${id}`, kind };
    });
  });
}

function rank({ item: { mark } }: PlacedItem): number {
  return mark === undefined ? order.length : order.indexOf(mark);
}

/** Which part of a box: nothing where it is the box itself. */
function partOf(place: string, address: string): string {
  const parsed = parseAddress(address);
  if (parsed === undefined) return address;
  const { type, name, key } = parsed;
  const isItself = place === `${type}.${name}`;
  if (isItself) return key === undefined ? "" : String(key);
  return `${type.replace(/^aws_/, "").replaceAll("_", " ")} ${name}${keySuffix(key)}`;
}
