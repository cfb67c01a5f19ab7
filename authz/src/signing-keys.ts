import { setTimeout as delay } from "node:timers/promises";
import type { Jwks } from "aws-jwt-verify/jwk";
import type { Log } from "./log";

/** When the keys are read. All in milliseconds. */
export interface Timing {
  /** Between two readings while all is well. */
  readonly refresh: number;
  /** After the first failure; doubled with each further one, up to `refresh`. */
  readonly retry: number;
  /** For which a token by an unknown key allows one more reading at once… */
  readonly lookUp: number;
  /** …and how many such readings may be saved up. */
  readonly lookUpBurst: number;
}

const defaultTiming: Timing = { refresh: 300_000, retry: 200, lookUp: 10_000, lookUpBurst: 5 };

export interface SigningKeysOptions {
  readonly read: () => Promise<Jwks>;
  /** Gets the keys whenever they are others than before. */
  readonly onChange: (keys: Jwks) => void;
  readonly log: Log;
  /** @default refreshed every 5 minutes; on unknown keys at most every 10 seconds in the long run */
  readonly timing?: Partial<Timing>;
}

/**
 * The pool's public keys, kept current: read at the start, with back-off until that succeeds, then regularly, and at
 * once when a token is signed by a key that isn't known. What was read last stays in use while the source is away.
 */
export class SigningKeys {
  private readonly timing: Timing;
  private readonly stopping = new AbortController();
  private current = "";
  private reading: Promise<boolean> | undefined;
  private lastReadSucceeded = false;
  private lookUps: { left: number; countedAt: number };

  constructor(private readonly options: SigningKeysOptions) {
    this.timing = { ...defaultTiming, ...options.timing };
    this.lookUps = { left: this.timing.lookUpBurst, countedAt: performance.now() };
  }

  get available(): boolean {
    return this.current !== "";
  }

  /** Keeps the keys current until `stop`. */
  async start(): Promise<void> {
    const { refresh, retry } = this.timing;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      failures = (await this.read()) ? 0 : failures + 1;
      const pause = failures === 0 ? refresh : Math.min(refresh, retry * 2 ** (failures - 1));
      // Spread, so that several authorizers don't ask at once.
      const spread = pause * (0.75 + Math.random() / 4);
      await delay(spread, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  /**
   * For a token by an unknown key: reads the keys anew, unless that was done too often of late.
   * @returns whether the keys at hand are the pool's, as far as can be told
   */
  async lookUp(): Promise<boolean> {
    if (this.reading !== undefined || this.takeLookUp()) return this.read();
    return this.lastReadSucceeded;
  }

  private takeLookUp(): boolean {
    const { lookUp, lookUpBurst } = this.timing;
    const now = performance.now();
    const left = Math.min(lookUpBurst, this.lookUps.left + (now - this.lookUps.countedAt) / lookUp);
    this.lookUps = { left: left < 1 ? left : left - 1, countedAt: now };
    return left >= 1;
  }

  private read(): Promise<boolean> {
    this.reading ??= this.readOnce().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOnce(): Promise<boolean> {
    const { read, onChange, log } = this.options;
    try {
      const keys = await read();
      const text = JSON.stringify(keys);
      if (text !== this.current) {
        onChange(keys);
        this.current = text;
        log("info", "keys", { kids: keys.keys.map(({ kid }) => String(kid)) });
      }
      this.lastReadSucceeded = true;
    } catch (error) {
      this.lastReadSucceeded = false;
      log("warn", "keys unavailable", { reason: reasonText(error), kept: String(this.available) });
    }
    return this.lastReadSucceeded;
  }
}

/** `fetch` says what went wrong in its error's cause. */
function reasonText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
