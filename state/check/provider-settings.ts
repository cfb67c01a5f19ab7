/** Settings of the old module's providers that the stacks' don't have: one cause of many differences. */
import type { StateDocument } from "../document";
import { type StackId, stackIds } from "../split-state";
import type { Finding, FindingContext, Plans } from "./finding";
import { aliasFindings } from "./provider/aliases";
import { defaultTagFindings } from "./provider/default-tags";
import { ignoredTagFindings } from "./provider/ignored-tags";
import { reachFindings } from "./provider/reach";

export interface ProviderFindings {
  readonly findings: readonly Finding[];
  /** The provider's address as a cause, by stack, instance and first names of the attribute's path; `""` for all of it. */
  readonly causeOf: (stack: StackId, address: string, keys: readonly string[]) => string | undefined;
}

export function providerFindings(
  state: StateDocument,
  plans: Plans,
  context: FindingContext,
  failed: readonly string[],
): ProviderFindings {
  const causes = new Map<string, string>();
  const explain = (stack: StackId, address: string, keys: readonly string[], cause: string) =>
    causes.set(JSON.stringify([stack, address, ...keys]), cause);
  const changed = stackIds.flatMap((stack) =>
    (plans[stack]?.resource_changes ?? [])
      .filter(({ mode, change }) => mode === "managed" && change.actions.some((action) => action !== "no-op"))
      .map((change) => ({ stack, change })),
  );
  const input = { state, changed, plans, context, explain, failed };
  const findings = [
    ...aliasFindings(input),
    ...defaultTagFindings(input),
    ...ignoredTagFindings(input),
    ...reachFindings(input),
  ];
  return {
    findings,
    causeOf: (stack, address, keys) =>
      causes.get(JSON.stringify([stack, address])) ??
      causes.get(JSON.stringify([stack, address, ...keys.slice(0, 1)])) ??
      causes.get(JSON.stringify([stack, address, ...keys.slice(0, 2)])),
  };
}
