/** One form for JSON values that are the same: without space, members by name, strings escaped in one way, numbers as they are. */
import type { JsonValue } from "./json-bytes";

/** Grows as needed, and is used again for the next value. */
let scratch = Buffer.alloc(64 * 1024);
let length = 0;

function append(bytes: Uint8Array, start: number, end: number): void {
  const size = end - start;
  if (length + size > scratch.length) scratch = Buffer.concat([scratch], Math.max(2 * scratch.length, length + size));
  scratch.set(bytes.subarray(start, end), length);
  length += size;
}

function appendText(text: string): void {
  const bytes = Buffer.from(text);
  append(bytes, 0, bytes.length);
}

function appendValue(value: JsonValue): void {
  if (value.kind === "object") {
    const members = [...value.members()].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [index, [name, member]] of members.entries()) {
      appendText(`${index === 0 ? "{" : ","}${JSON.stringify(name)}:`);
      appendValue(member);
    }
    appendText(members.length === 0 ? "{}" : "}");
  } else if (value.kind === "list") {
    const items = value.items();
    for (const [index, item] of items.entries()) {
      appendText(index === 0 ? "[" : ",");
      appendValue(item);
    }
    appendText(items.length === 0 ? "[]" : "]");
  } else if (value.kind === "string" && value.slice.includes(0x5c)) {
    appendText(JSON.stringify(value.string));
  } else {
    append(value.bytes, value.start, value.end);
  }
}

/** @returns bytes that are good until the next call */
export function canonicalBytes(value: JsonValue): Uint8Array {
  length = 0;
  appendValue(value);
  return scratch.subarray(0, length);
}
