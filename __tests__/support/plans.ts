import type { Plan, PlannedChange } from "../../terraform/plan";

type Change = PlannedChange["change"];
type Values = Record<string, unknown> | null;

export interface Crafted {
  readonly before?: Values;
  readonly after?: Values;
  readonly change?: Partial<Change>;
  readonly rest?: Partial<PlannedChange>;
}

const actionsOf = (before: Values, after: Values): Change["actions"] =>
  before === null ? ["create"] : after === null ? ["delete"] : ["update"];

/** A resource's planned change; without a state before it is created, without one after destroyed. */
export function planned(address: string, { before = null, after = null, change, rest }: Crafted): PlannedChange {
  const [type = ""] = address.replace(/^(module\.[^.]+\.)+/, "").split(".");
  return {
    address,
    mode: "managed",
    type,
    ...rest,
    change: { actions: actionsOf(before, after), before, after, after_unknown: {}, ...change },
  };
}

export const replaced: Pick<Change, "actions"> = { actions: ["delete", "create"] };

export function planOf(...changes: readonly PlannedChange[]): Plan {
  return { resource_changes: changes };
}

/** As `terraform show -json` frames it. */
export function planJson(plan: Plan): string {
  return JSON.stringify({ format_version: "1.2", planned_values: {}, ...plan });
}
