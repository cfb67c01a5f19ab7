import { printable } from "./printable";

/**
 * A mistake that the user can mend: its text says what, where, which value was received and what to do. Entry points
 * print it without a stack trace and exit with 1.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** How a received value is shown in an error: JSON, cut to one line's length. */
export function shown(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
