/** What a change costs: whether anybody notices, and what is lost. */

/** `none`: nobody notices. `short`: seconds to minutes. `outage`: until somebody or something brings it back. */
export type Downtime = "none" | "short" | "outage" | "unknown";

export interface Consequence {
  readonly downtime: Downtime;
  readonly text: string;
  /** URL of the documentation that says so. */
  readonly source?: string;
}

export type Values = Readonly<Record<string, unknown>>;

export interface Update {
  readonly before: Values;
  readonly after: Values;
  /** Names of the arguments that change, without what lies in them. */
  readonly names: readonly string[];
}

export interface Knowledge {
  /** What first: 0 holds data that nothing brings back, 1 what others know by its name, 2 the rest. */
  readonly rank: 0 | 1 | 2;
  /** What a destruction, also the one of a replacement, takes away. */
  readonly lost: (before: Values) => Consequence;
  /** What an update in place does. @default not known */
  readonly update?: (update: Update) => Consequence;
}

export const outage = (text: string, source?: string) => () => ({ downtime: "outage", text, source }) as const;
export const none = (text: string, source?: string) => () => ({ downtime: "none", text, source }) as const;
export const short = (text: string, source?: string) => () => ({ downtime: "short", text, source }) as const;
