/**
 * JSON as the bytes that it is: values are places in a buffer, looked into where needed and otherwise carried along. So no
 * digit is lost, and a state of thousands of objects takes little more memory than its text.
 * https://www.rfc-editor.org/rfc/rfc8259
 */

export class JsonError extends Error {
  constructor(readonly position: number) {
    super(`No JSON at byte ${position}`);
  }
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d];
const [minus, plus, point, zero, nine] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];

/** Deeper than any state; what is deeper could exhaust the stack. */
const deepest = 500;

export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

/** @returns where the value that begins at `start` ends. @throws JsonError */
export function skipValue(bytes: Uint8Array, start: number, depth = 0): number {
  const first = bytes[start];
  if (first === quote) return skipString(bytes, start);
  if (first === openObject) return skipMembers(bytes, start, undefined, depth);
  if (first === openList) return skipItems(bytes, start, undefined, depth);
  if (first === minus || isDigit(first)) return skipNumber(bytes, start);
  for (const word of ["true", "false", "null"]) {
    if (first === word.charCodeAt(0)) return skipWord(bytes, start, word);
  }
  throw new JsonError(start);
}

type Visit = (start: number, end: number, key: string) => void;

function skipMembers(bytes: Uint8Array, start: number, visit: Visit | undefined, depth: number): number {
  if (depth > deepest) throw new JsonError(start);
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeObject) return at + 1;
  for (;;) {
    if (bytes[at] !== quote) throw new JsonError(at);
    const keyEnd = skipString(bytes, at);
    const key = visit === undefined ? "" : stringAt(bytes, at, keyEnd);
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== colon) throw new JsonError(at);
    const value = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, value, depth + 1);
    visit?.(value, end, key);
    at = skipSpace(bytes, end);
    if (bytes[at] === closeObject) return at + 1;
    if (bytes[at] !== comma) throw new JsonError(at);
    at = skipSpace(bytes, at + 1);
  }
}

function skipItems(bytes: Uint8Array, start: number, visit: Visit | undefined, depth: number): number {
  if (depth > deepest) throw new JsonError(start);
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeList) return at + 1;
  for (;;) {
    const end = skipValue(bytes, at, depth + 1);
    visit?.(at, end, "");
    at = skipSpace(bytes, end);
    if (bytes[at] === closeList) return at + 1;
    if (bytes[at] !== comma) throw new JsonError(at);
    at = skipSpace(bytes, at + 1);
  }
}

function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === undefined || byte < 0x20) throw new JsonError(at);
    at += byte === backslash ? escapeLength(bytes, at) : 1;
  }
}

function escapeLength(bytes: Uint8Array, at: number): number {
  const kind = String.fromCharCode(bytes[at + 1] ?? 0);
  if ('"\\/bfnrt'.includes(kind)) return 2;
  if (kind !== "u") throw new JsonError(at);
  for (let digit = at + 2; digit < at + 6; digit += 1) {
    if (!/[0-9a-fA-F]/.test(String.fromCharCode(bytes[digit] ?? 0))) throw new JsonError(digit);
  }
  return 6;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  if (!isDigit(bytes[start])) throw new JsonError(start);
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  return at;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === minus ? start + 1 : start;
  at = bytes[at] === zero ? at + 1 : skipDigits(bytes, at);
  if (bytes[at] === point) at = skipDigits(bytes, at + 1);
  if (bytes[at] !== 0x65 && bytes[at] !== 0x45) return at;
  at += 1;
  return skipDigits(bytes, bytes[at] === plus || bytes[at] === minus ? at + 1 : at);
}

function skipWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[start + index] !== word.charCodeAt(index)) throw new JsonError(start + index);
  }
  return start + word.length;
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

function stringAt(bytes: Uint8Array, start: number, end: number): string {
  const text = textAt(bytes, start + 1, end - 1);
  return text.includes("\\") ? JSON.parse(`"${text}"`) : text;
}

/** A value in a buffer that is known to be JSON. */
export class JsonValue {
  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly end: number,
  ) {}

  /** @throws JsonError where the bytes are not one JSON value, with nothing but space around it */
  static whole(bytes: Uint8Array): JsonValue {
    const start = skipSpace(bytes, 0);
    const end = skipValue(bytes, start);
    const rest = skipSpace(bytes, end);
    if (rest !== bytes.length) throw new JsonError(rest);
    return new JsonValue(bytes, start, end);
  }

  static of(value: unknown): JsonValue {
    return JsonValue.whole(Buffer.from(JSON.stringify(value) ?? "null"));
  }

  get kind(): "object" | "list" | "string" | "number" | "word" {
    const first = this.bytes[this.start];
    if (first === openObject) return "object";
    if (first === openList) return "list";
    if (first === quote) return "string";
    return first === minus || isDigit(first) ? "number" : "word";
  }

  /** As it is written. */
  get text(): string {
    return textAt(this.bytes, this.start, this.end);
  }

  /** As its own bytes, which are not copied. */
  get slice(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  /** The text of a string; undefined for anything else. */
  get string(): string | undefined {
    return this.kind === "string" ? stringAt(this.bytes, this.start, this.end) : undefined;
  }

  /** The members of an object, the last of each name; none for anything else. */
  members(): Map<string, JsonValue> {
    const members = new Map<string, JsonValue>();
    if (this.kind !== "object") return members;
    skipMembers(this.bytes, this.start, (start, end, key) => members.set(key, this.at(start, end)), 0);
    return members;
  }

  /** The items of a list; none for anything else. */
  items(): JsonValue[] {
    const items: JsonValue[] = [];
    if (this.kind === "list") {
      skipItems(this.bytes, this.start, (start, end) => items.push(this.at(start, end)), 0);
    }
    return items;
  }

  private at(start: number, end: number): JsonValue {
    return new JsonValue(this.bytes, start, end);
  }
}
