/** Variables that a plan needs and has no value for, as Terraform's errors name them. */

/** @returns undefined where something else is wrong, too */
export function missingVariables(stderr: string): string[] | undefined {
  const errors = stderr.match(/^[│\s]*Error: .*$/gm) ?? [];
  if (errors.length === 0 || !errors.every((error) => error.includes("No value for required variable")))
    return undefined;
  const text = stderr.replaceAll(/[│╷╵\s]+/g, " ");
  const names = [...text.matchAll(/input variable "([^"]+)" is not set/g)].map(([, name = ""]) => name);
  return names.length === errors.length ? names : undefined;
}
