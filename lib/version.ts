import { compare, validate } from "compare-versions";

/**
 * Whether one version comes before another: `1.10.0-beta1` before `1.10.0`, `1.2.497.0` before `1.2.553.0`. A text that is no
 * version comes before every one.
 */
export function isOlder(version: string, than: string): boolean {
  return !validate(version) || compare(version, than, "<");
}

/** The other way round; a text that is no version comes after none. */
export function isNewer(version: string, than: string): boolean {
  return validate(version) && compare(version, than, ">");
}
