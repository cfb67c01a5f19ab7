/** Refuses a split whose plans would change what runs. */
import { listed } from "../lib/listed";
import { UserError } from "../lib/user-error";
import type { ResourceChange } from "../terraform/plan-changes";
import type { StateDocument } from "./document";
import { inventory } from "./inventory";
import type { PendingMove } from "./proof";
import { accountsIn } from "./refusals";
import type { StackId } from "./split-state";

/** The plans change something: the state can't be split without a change to what runs. */
export class NotCleanError extends UserError {
  constructor(
    message: string,
    readonly changes: readonly ResourceChange[],
  ) {
    super(message);
  }
}

export function refuseMoves(whose: string, moves: readonly PendingMove[]): void {
  if (moves.length === 0) return;
  const told = moves.map(
    ({ address, from, what }) => `${what} ${from === undefined ? address : `${from} to ${address}`}`,
  );
  throw new UserError(`The ${whose} would ${listed(told)}: apply that first; bin/state/check says how.`);
}

/** What the changes are seen against. */
interface Planned {
  /** The state that the stack's plan was made over. */
  readonly next: StateDocument;
  readonly old: StateDocument;
  /** Whether changes that the old module's plan makes, too, are left out. */
  readonly hasOldModule: boolean;
}

export function refuseChanges(
  stack: StackId,
  changes: readonly ResourceChange[],
  { next, old, hasOldModule }: Planned,
): void {
  if (changes.length === 0) return;
  const created = changes.filter(({ actions }) => actions.join() === "create").length;
  const held = inventory(next).filter(({ mode }) => mode === "managed").length;
  const accounts = accountsIn(old);
  const hint =
    created >= held && held > 0
      ? ` None of its resources is there for these credentials; the state is of account ${accounts.join(", ") || "unknown"}: are account and region the right ones?`
      : !hasOldModule
        ? " Where the old module plans the same, name it with --hcl; bin/state/check says more."
        : " bin/state/check says more.";
  const lines = changes.map(({ address, actions, attributes }) => {
    const paths = attributes.map(({ path }) => path).filter((path) => path !== "");
    return `  - ${actions.join(" and ")} ${address}${paths.length > 0 ? `: ${listed(paths)}` : ""}`;
  });
  throw new NotCleanError(
    `The plan of ${stack} makes ${changes.length} changes${!hasOldModule ? "" : " that the old module's does not make"}, so nothing is split.${hint}\n${lines.join("\n")}`,
    changes,
  );
}
