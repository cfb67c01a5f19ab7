import type { Explanation } from "../explain/explained";
import { explanation } from "../explain/explanation";
import type { PlannedStack } from "./planning";

/** What planned stacks would do, and which of it is provisional. */
export function explained(stacks: readonly PlannedStack[]): Explanation {
  const whole = explanation(stacks.map(({ id, plan }) => ({ name: id, plan, isOwn: true })));
  const provisional = stacks
    .filter(({ provisionalOver }) => provisionalOver.length > 0)
    .map(({ id, provisionalOver }) => {
      const others = provisionalOver.join(" and ");
      return `${id} is provisional: it reads outputs that ${others} doesn't have yet, and is planned over what ${others} is going to have. It is planned again when ${others} is applied.`;
    });
  return { ...whole, notes: [...provisional, ...whole.notes] };
}
