/**
 * Waits for the end of all, so that nothing is under way any more when one of them has failed.
 * @throws the error of the first that failed
 */
export async function settled<const Works extends readonly Promise<unknown>[]>(
  works: Works,
): Promise<{ -readonly [Index in keyof Works]: Awaited<Works[Index]> }> {
  await Promise.allSettled(works);
  return Promise.all(works) as never;
}
