/** Which of a plan's changes a step makes: a plan of many steps is made once, and told apart by what each step synthesizes. */
import { withoutKeys } from "../../terraform/address";
import type { ExplainedChange, Explanation, Restart } from "../explain/explained";

type Block = Readonly<Record<string, unknown>>;

/** A stack's synthesized JSON. */
export interface StackJson {
  readonly id: string;
  readonly json: unknown;
}

/** Arguments that differ, by `STACK ADDRESS`; undefined where the whole resource does. */
export type Touched = ReadonlyMap<string, ReadonlySet<string> | undefined>;

function resourcesOf(stacks: readonly StackJson[]): Map<string, Block> {
  const all = new Map<string, Block>();
  for (const { id, json } of stacks) {
    const { resource = {} } = json as { readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>> };
    for (const [type, byName] of Object.entries(resource))
      for (const [name, block] of Object.entries(byName)) all.set(`${id} ${type}.${name}`, block);
  }
  return all;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What the stacks have otherwise with a step than without. */
export function touchedBy(without: readonly StackJson[], withStep: readonly StackJson[]): Touched {
  const [before, after] = [resourcesOf(without), resourcesOf(withStep)];
  const touched = new Map<string, ReadonlySet<string> | undefined>();
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === undefined || is === undefined) {
      touched.set(key, undefined);
      continue;
    }
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !same(was[name], is[name]));
    if (names.length > 0) touched.set(key, new Set(names));
  }
  return touched;
}

export interface StepChange {
  readonly plan: string;
  readonly address: string;
  readonly action: ExplainedChange["action"];
  readonly destructive: boolean;
  /** Names of the arguments that change; empty for what is made or taken away. */
  readonly arguments: readonly string[];
}

/** The changes of the plan that a step makes, alone or with others. */
export function changesOf({ changes }: Explanation, touched: Touched): StepChange[] {
  return changes.flatMap(({ plan, address, action, destructive, attributes }) => {
    const key = `${plan} ${withoutKeys(address)}`;
    if (!touched.has(key)) return [];
    const own = touched.get(key);
    const paths = [...new Set(attributes.map(({ path }) => path.replace(/[.[].*/, "")))];
    const names = own === undefined ? [] : paths.filter((path) => own.has(path)).sort();
    // What others change of it is theirs.
    if (action === "update" && names.length === 0) return [];
    return [{ plan, address, action, destructive, arguments: names }];
  });
}

/** The services whose tasks are replaced for the sake of a step's changes. */
export function restartedBy({ restarts }: Explanation, changes: readonly StepChange[]): string[] {
  const isFor = ({ plan, address, reasons, taskDefinitionAddress }: Restart) =>
    changes.some(
      (change) =>
        change.plan === plan &&
        (change.address === taskDefinitionAddress ||
          (change.address === address && change.arguments.some((name) => reasons.includes(name)))),
    );
  return restarts.filter(isFor).map(({ service }) => service);
}
