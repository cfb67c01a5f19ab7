/**
 * Kills a process when this one ends before it.
 * @param exited settles when the process has ended
 * @returns kills it now, and waits for its end
 */
export function killWithParent(kill: () => void, exited: Promise<unknown>): () => Promise<void> {
  process.once("exit", kill);
  return async () => {
    process.off("exit", kill);
    kill();
    await exited;
  };
}
