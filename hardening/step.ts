import type { HardeningStep } from "../settings/hardening";
import type { Settings } from "../settings/schema";
import type { AppStack } from "../stacks/app";
import type { NetworkStack } from "../stacks/network";

/** What a step changes: both stacks, with all that they hand out. */
export interface Hardened {
  readonly network: NetworkStack;
  readonly app: AppStack;
  readonly settings: Settings;
}

/**
 * What a step adds to the bill in a month, in US dollars, at the sizes of the default settings and a few requests a second:
 * `none`; `low` up to 5; `medium` up to 50; `high` beyond that, or a second one of something.
 */
export type CostClass = "none" | "low" | "medium" | "high";

/** One hardening step, with what somebody wants to know before taking it. Texts are sentences. */
export interface Step {
  readonly name: HardeningStep;
  /** What it sets. */
  readonly sets: string;
  /** What a plan shows, by type: `aws_lb update enable_deletion_protection`, `aws_iam_role create`. */
  readonly plan: readonly string[];
  /** What users and operators notice. */
  readonly effect: string;
  readonly cost: CostClass;
  /** What the money is for. @default nothing to say */
  readonly costWhy?: string;
  /** What must be there first, or be looked at. @default nothing */
  readonly needs?: string;
  /** A step that comes before it in the list, and without which it does nothing. @default none */
  readonly follows?: HardeningStep;
  /** checkov's checks that pass with it. @default none */
  readonly closes?: readonly string[];
  /** How to go back, where leaving the step out is not all. @default leaving it out is */
  readonly back?: string;
  /**
   * What would make it an outage with these settings and additions, a sentence each, with what to do. Asked after the team's
   * additions. @default nothing
   */
  readonly problems?: (hardened: Hardened) => readonly string[];
  /** Changes arguments of what is there, or adds resources. Addresses never move. */
  readonly apply: (hardened: Hardened) => void;
}
