/** What of a hand-written module has to be in a team's additions: what no stack declares, and what that is made with. */
import type { ModuleSource } from "../../terraform/source/module";
import type { StackId } from "../split-state";
import { type Item, itemOf } from "./item";
import { Secrets } from "./secrets";
import { providersOf, referencesOf } from "./source";

export interface Collected {
  /** What each stack gets. What is read and not managed is in both, where both need it. */
  readonly items: Readonly<Record<StackId, readonly Item[]>>;
  /** Variables that take the place of secrets in the old module's text, with the place of each. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** What each stack declares: resources, data sources, variables and locals, by address. */
export type Declared = Readonly<Record<StackId, ReadonlySet<string>>>;

const isManaged = ({ kind }: Item) => kind === "managed" || kind === "module";
/** Addresses that any stack can declare for itself. */
const isOwn = (address: string) => /^(data|var|local|provider)\./.test(address);

class Collection {
  private readonly found = new Map<string, Item | undefined>();
  readonly secrets: Secrets;

  constructor(
    private readonly source: ModuleSource,
    private readonly declared: Declared,
  ) {
    const variables = source.find("variable").map(({ labels: [name = ""] }) => name);
    const others = [...declared.network, ...declared.app].filter((one) => one.startsWith("var."));
    this.secrets = new Secrets(new Set([...variables, ...others.map((one) => one.slice("var.".length))]));
  }

  isDeclared(address: string): boolean {
    return this.declared.network.has(address) || this.declared.app.has(address);
  }

  item(address: string): Item | undefined {
    if (!this.found.has(address)) {
      const item = itemOf(this.source, address);
      this.found.set(address, item === undefined ? this.secret(address) : this.secrets.without(item));
    }
    return this.found.get(address);
  }

  private secret(address: string): Item | undefined {
    const [kind, name = ""] = address.split(".");
    if (kind !== "var" || !this.secrets.places.has(name)) return undefined;
    return { address, kind: "var", type: "var", name, body: { type: "string", sensitive: true } };
  }

  /** What an item refers to, and which configurations of providers it takes. */
  references(item: Item): string[] {
    const named = providersOf(item.body).filter((one) => one !== "aws");
    const [implied = ""] = item.type.split("_");
    const isForeign = /^(managed|data)$/.test(item.kind) && !["aws", "terraform"].includes(implied);
    const providers = [...named, ...(isForeign && item.body.provider === undefined ? [implied] : [])];
    return [...referencesOf(item.body), ...providers.map((one) => `provider.${one}`)];
  }

  /** All that is reached from here without passing by what is managed; that is in it, too. */
  reach(start: Item): Set<string> {
    const reached = new Set<string>();
    const visit = (item: Item) => {
      for (const address of this.references(item)) {
        if (reached.has(address)) continue;
        reached.add(address);
        const next = isOwn(address) ? this.item(address) : undefined;
        if (next !== undefined) visit(next);
      }
    };
    visit(start);
    return reached;
  }
}

/** @param undeclared addresses of resources and modules of the root module, without keys */
export function collect(source: ModuleSource, undeclared: readonly string[], declared: Declared): Collected {
  const collection = new Collection(source, declared);
  const reaches = new Map<Item, Set<string>>();
  const roots = new Map<string, Item>();
  const add = (address: string): void => {
    const item = roots.has(address) || collection.isDeclared(address) ? undefined : collection.item(address);
    if (item === undefined || !isManaged(item)) return;
    roots.set(address, item);
    reaches.set(item, collection.reach(item));
    for (const one of reaches.get(item) ?? []) if (!isOwn(one)) add(one);
  };
  for (const address of undeclared) add(address);

  const stackOf = stacksOf(roots, reaches, declared);
  const items: Record<StackId, Map<string, Item>> = { network: new Map(), app: new Map() };
  const put = (item: Item, stack: StackId): void => {
    if (items[stack].has(item.address)) return;
    items[stack].set(item.address, item);
    for (const address of collection.references(item)) {
      const other = isOwn(address) && !declared[stack].has(address) ? collection.item(address) : undefined;
      if (other !== undefined) put(other, stack);
    }
  };
  for (const [address, item] of roots) put(item, stackOf.get(address) ?? "app");
  for (const { labels } of source.find("output")) {
    const address = `output.${labels[0]}`;
    const item = collection.isDeclared(address) ? undefined : collection.item(address);
    const drafted = item === undefined ? [] : [...collection.reach(item)].filter((one) => roots.has(one));
    // An output of nothing new is none of what is missing.
    if (item === undefined || drafted.length === 0) continue;
    put(item, drafted.some((one) => stackOf.get(one) === "app") ? "app" : "network");
  }
  return {
    items: { network: [...items.network.values()], app: [...items.app.values()] },
    secrets: collection.secrets.places,
  };
}

/** What refers to each other lies in one stack: in that of what it refers to. */
function stacksOf(
  roots: ReadonlyMap<string, Item>,
  reaches: ReadonlyMap<Item, ReadonlySet<string>>,
  declared: Declared,
): Map<string, StackId> {
  const neighbours = new Map([...roots.keys()].map((address) => [address, new Set<string>()]));
  for (const [address, item] of roots) {
    for (const other of reaches.get(item) ?? []) {
      if (!roots.has(other)) continue;
      neighbours.get(address)?.add(other);
      neighbours.get(other)?.add(address);
    }
  }
  const stackOf = new Map<string, StackId>();
  for (const start of roots.keys()) {
    if (stackOf.has(start)) continue;
    const group = new Set([start]);
    for (const one of group) for (const next of neighbours.get(one) ?? []) group.add(next);
    const referred = [...group].flatMap((one) => [...(reaches.get(roots.get(one) as Item) ?? [])]);
    const only = (stack: StackId, other: StackId) =>
      referred.some((one) => declared[stack].has(one) && !declared[other].has(one) && !isOwn(one));
    const stack: StackId = !only("app", "network") && only("network", "app") ? "network" : "app";
    for (const one of group) stackOf.set(one, stack);
  }
  return stackOf;
}
