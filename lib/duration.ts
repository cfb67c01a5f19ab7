import { shown, UserError } from "./user-error";

const millisecondsPer = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** A timer of Node bears no more than 2^31 - 1 ms, some 596 hours. */
const longest = 500 * millisecondsPer.h;

/**
 * @param text such as `30s`, `15m` or `1h`
 * @param option what the value was given for, such as `--timeout`
 * @returns milliseconds. @throws UserError for anything else
 */
export function milliseconds(text: string, option: string): number {
  const [, count, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  const value = Number(count) * (millisecondsPer[unit as keyof typeof millisecondsPer] ?? Number.NaN);
  if (!(value > 0 && value <= longest)) {
    throw new UserError(`${option} is ${shown(text)}: give a number with s, m or h up to 500h, such as "15m".`);
  }
  return value;
}
