/** Looks again and again, until Ctrl-C: drawn anew on a terminal, and in a pipe printed where something has changed. */
import { setTimeout as wait } from "node:timers/promises";
import { interruptedBy } from "../../lib/interruption";
import { Redrawing } from "../../lib/redrawing";
import { report } from "../../lib/report";
import type { ServiceStatus } from "../../operations/ecs/status";
import { seen } from "../../operations/waiting";

type Look = readonly ServiceStatus[];

export interface Watched {
  readonly look: () => Promise<Look>;
  /** For a person; ages may differ from one time to the next. */
  readonly text: (look: Look) => string;
  /** @default the text with its time, on a line of its own before it */
  readonly line?: (look: Look) => string;
  readonly intervalMs: number;
}

/** @throws what the first look can't do; later ones are made again as long as AWS may still answer */
export async function watch({ look, text, line, intervalMs }: Watched): Promise<void> {
  const signal = interruptedBy();
  // Who reads no longer (`| head`) has had enough.
  process.stdout.on("error", () => process.exit());
  const screen = line === undefined && process.stdout.isTTY === true ? new Redrawing(process.stdout) : undefined;
  let told = "";
  const show = (now: Look, note = "") => {
    if (screen !== undefined) {
      screen.draw(`${text(now)}\n\n${note || `${clock()}, every ${intervalMs / 1000} s. Ctrl-C ends.`}`);
      return;
    }
    const state = JSON.stringify(now);
    if (state !== told) console.log(line === undefined ? `${clock()}\n${text(now)}\n` : line(now));
    told = state;
  };
  let last: Look = [];
  try {
    last = await unlessAborted(look(), signal);
    show(last);
    for (;;) {
      await wait(intervalMs, undefined, { signal });
      const say = (note: string) => (screen === undefined ? report(note) : show(last, note));
      const lookOn = (giveUp: AbortSignal) => unlessAborted(look(), AbortSignal.any([giveUp, signal]));
      const found = await unlessAborted(seen(lookOn, { intervalMs, report: say }), signal);
      // Without a deadline it looks until something is seen.
      last = found as Look;
      show(last);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    screen?.end();
  }
  if (screen !== undefined) console.log(text(last));
}

/** ISO 8601 in seconds. */
function clock(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, refuse) => {
    stop = () => refuse(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
