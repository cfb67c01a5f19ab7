/** Texts that are known to be secret, found wherever they have got to. */

import { nestingOf } from "../nesting";

/** Documents nest a few levels deep. */
const deepest = 100;

/** What stands in the place of a secret. */
export const withheld = "(sensitive)";

/** A short text is any word's part: it counts only as the whole value. */
const shortest = 6;
/** What a sensitive value may be, too, and what tells nothing. */
const tellsNothing = new Set(["", "true", "false", "null", "none", "enabled", "disabled", "ENABLED", "DISABLED"]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The texts in a value; those of a document in JSON, too. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    const document = parsedJson(value);
    return document === undefined ? [value] : [value, ...textsIn(document)];
  }
  if (typeof value === "number") return [String(value)];
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** @returns undefined where the text is no list or object in JSON */
export function parsedJson(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text) || nestingOf(text) > deepest) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The texts that a mask of Terraform's (`true` in a value of the same shape) marks. */
export function markedTexts(value: unknown, mask: unknown): string[] {
  if (mask === true) return textsIn(value);
  if (!isObject(mask) || !isObject(value)) return [];
  return Object.entries(mask).flatMap(([key, inner]) =>
    Object.hasOwn(value, key) ? markedTexts(value[key], inner) : [],
  );
}

/** How a text stands in JSON, in JSON as Go writes it, in a URL and in base64, at each of its alignments. */
function forms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const go = json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
  const nested = [json, go].map((inner) => JSON.stringify(inner).slice(1, -1));
  if (text.length < shortest) return [text];
  const bytes = Buffer.from(text);
  // A lone surrogate is no character, and encodeURI throws at it.
  const wellFormed = bytes.toString();
  const url = new URLSearchParams({ v: wellFormed }).toString().slice(2);
  const base64 = [0, 1, 2].map((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // What the neighbours have a part in is left out.
    const end = (shift + bytes.length) % 3 === 0 ? undefined : -1;
    return shifted.slice(shift === 0 ? 0 : shift + 1, end);
  });
  const inUrls = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const encoded = [...base64, ...inUrls].filter((form) => form.length >= shortest);
  return [text, json, go, ...nested, url, url.replaceAll("+", "%20"), encodeURI(wellFormed), ...encoded];
}

export class KnownSecrets {
  private readonly wholes: ReadonlySet<string>;
  /** Those that are looked for in other texts, the longest first. */
  private readonly parts: readonly string[];

  constructor(secrets: Iterable<string>) {
    const all = new Set([...secrets].filter((text) => !tellsNothing.has(text)).flatMap(forms));
    this.wholes = all;
    this.parts = [...all].filter((text) => text.length >= shortest).sort((a, b) => b.length - a.length);
  }

  /** Whether a text is one, or has one in it. */
  isIn(text: string): boolean {
    return this.wholes.has(text) || this.parts.some((secret) => text.includes(secret));
  }

  /** A text with every secret in it taken out. */
  clean(text: string): string {
    if (this.wholes.has(text)) return withheld;
    return this.parts.reduce((left, secret) => left.replaceAll(secret, withheld), text);
  }
}
