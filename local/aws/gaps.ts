/**
 * What moto 5.2.1 forgets of what it was told, so that every plan over it wants to tell it again: the original's HCL
 * after its own apply, too. A change is a gap only when nothing else changes, and only from and to these values.
 */
import type { AttributeChange, ResourceChange } from "../../terraform/plan-changes";

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
