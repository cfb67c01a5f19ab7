/**
 * Ctrl-C and its like as a signal that work can listen to, so that it ends in good order. The process goes on until then.
 * @param told called at the first of them
 */
export function interruptedBy(told: () => void = () => {}): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) told();
      interruption.abort();
    });
  }
  return interruption.signal;
}
