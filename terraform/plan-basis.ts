/** What a plan is made with and over. Where one of these has moved, the plan no longer says what an apply would do. */
import { toolName } from "./tool";

export interface PlanBasis {
  /** `Terraform 1.11.4` */
  readonly tool: string;
  /** Versions by source address, as the folder's lock file selects them. */
  readonly providers: Readonly<Record<string, string>>;
  /** Null where there is no state yet. */
  readonly state: StateVersion | null;
}

export interface StateVersion {
  /** Given once, when the state is made. */
  readonly lineage: string;
  /** Counts its changes. */
  readonly serial: number;
}

/**
 * @param version what `terraform version -json` prints in an initialized folder
 * @param state what `terraform state pull` prints there
 */
export function planBasis(version: string, state: string): PlanBasis {
  const { terraform_version: number, provider_selections: providers } = JSON.parse(version);
  const { lineage = "", serial = 0 } = state.trim() === "" ? {} : JSON.parse(state);
  return {
    tool: `${toolName()} ${number}`,
    providers: providers ?? {},
    state: lineage === "" ? null : { lineage, serial },
  };
}

/** @returns what has moved since then, in words; empty where the plan still holds */
export function movedSince(then: PlanBasis, now: PlanBasis, id: string): string[] {
  const tool = then.tool === now.tool ? [] : [`${id} was planned by ${then.tool}, and this is ${now.tool}`];
  const sources = [...new Set([...Object.keys(then.providers), ...Object.keys(now.providers)])].sort();
  const providers = sources.flatMap((source) => {
    const [was = "absent", is = "absent"] = [then.providers[source], now.providers[source]];
    return was === is ? [] : [`the provider ${source} of ${id} was ${was}, and is ${is}`];
  });
  return [...tool, ...providers, ...movedState(then.state, now.state, id)];
}

function movedState(then: StateVersion | null, now: StateVersion | null, id: string): string[] {
  if (then === null) return now === null ? [] : [`${id} had no state, and has one now`];
  if (now === null) return [`the state of ${id} is gone`];
  if (then.lineage !== now.lineage) return [`the state of ${id} is another one, of the lineage ${now.lineage}`];
  return then.serial === now.serial ? [] : [`the state of ${id} has moved from serial ${then.serial} to ${now.serial}`];
}
