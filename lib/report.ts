/** A line of progress, apart from the result on the standard output. */
export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
