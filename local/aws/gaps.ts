/**
 * What moto 5.2.1 forgets of what it was told, so that every plan over it wants to tell it again: the original's HCL
 * after its own apply, too. A change is a gap only when nothing else changes, and only from and to these values.
 */
import type { Plan } from "../../terraform/plan";
import { type AttributeChange, attributesOf, type ResourceChange } from "../../terraform/plan-changes";

export const motoGaps: Readonly<Record<string, readonly Omit<AttributeChange, "keys">[]>> = {
  aws_ecs_service: [
    { path: "availability_zone_rebalancing", before: "", after: "DISABLED" },
    { path: "enable_execute_command", before: false, after: true },
  ],
};

export function isMotoGap({ type, actions, attributes }: ResourceChange): boolean {
  const gaps = motoGaps[type] ?? [];
  const named = ({ path, before, after }: AttributeChange) =>
    gaps.some((gap) => gap.path === path && gap.before === before && gap.after === after);
  return actions.join() === "update" && attributes.every(named);
}

/** The plan of an AWS that forgets nothing: what else it changes, stays. */
export function withoutMotoGaps(plan: Plan): Plan {
  const changes = plan.resource_changes?.map((planned) => {
    const { actions, before, after } = planned.change;
    if (actions.join() !== "update" || before === null) return planned;
    const forgotten = (motoGaps[planned.type] ?? []).filter(
      (gap) => before[gap.path] === gap.before && after?.[gap.path] === gap.after,
    );
    if (forgotten.length === 0) return planned;
    const told = Object.fromEntries(forgotten.map((gap) => [gap.path, gap.after]));
    const change = { ...planned.change, before: { ...before, ...told } };
    const isLeft = attributesOf(change).length > 0;
    return { ...planned, change: { ...change, actions: isLeft ? actions : ["no-op"] } };
  });
  return { ...plan, resource_changes: changes };
}
