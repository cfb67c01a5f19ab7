import { shown, UserError } from "./user-error";

const millisecondsPer = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * @param text such as `30s`, `15m` or `1h`
 * @param option what the value was given for, such as `--timeout`
 * @returns milliseconds. @throws UserError for anything else
 */
export function milliseconds(text: string, option: string): number {
  const [, count, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  if (count === undefined || unit === undefined || Number(count) === 0) {
    throw new UserError(`${option} is ${shown(text)}: give a number with s, m or h, such as "15m".`);
  }
  return Number(count) * millisecondsPer[unit as keyof typeof millisecondsPer];
}
