import type { Decision } from "./authorizer";
import type { Log } from "./log";

const intervalMs = 60_000;

/** Logs once a minute how many requests were decided how and why: Envoy has the single requests in its access log. */
export class DecisionCounts {
  private counts: Record<string, number> = {};

  constructor(private readonly log: Log) {
    setInterval(() => this.write(), intervalMs).unref();
  }

  add(decision: Decision): void {
    const name = "reason" in decision ? `${decision.outcome} ${decision.reason}` : decision.outcome;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  write(): void {
    if (Object.keys(this.counts).length > 0) this.log("info", "decisions", this.counts);
    this.counts = {};
  }
}
