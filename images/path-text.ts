/**
 * Paths as text, whatever their bytes: a file's name on Linux need not be UTF-8, and Docker takes it as it is. A byte that is
 * no UTF-8 is the lone surrogate U+DC00 + byte, as Python has it (https://peps.python.org/pep-0383/), so that nothing is lost.
 */

/** By the first byte: the length of a character, and what its second byte may be. https://www.unicode.org/versions/latest/ch03.pdf, table 3-7 */
function characterAt(bytes: Buffer, index: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let offset = 1; offset < length; offset += 1) {
    const byte = bytes[index + offset] ?? 0;
    const [low, high] = offset === 1 ? [lowest, highest] : [0x80, 0xbf];
    if (byte < low || byte > high) return 0;
  }
  return length;
}

export function pathText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  // The usual case: nothing was replaced.
  if (!text.includes("\ufffd")) return text;
  let result = "";
  for (let index = 0; index < bytes.length; ) {
    const length = characterAt(bytes, index);
    result +=
      length === 0 ? String.fromCharCode(0xdc00 + (bytes[index] ?? 0)) : bytes.toString("utf8", index, index + length);
    index += length || 1;
  }
  return result;
}

/** A lone surrogate of `pathText`. */
const loneByte = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

export function pathBytes(text: string): Buffer {
  if (!loneByte.test(text)) return Buffer.from(text);
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character);
    }),
  );
}

/** As Go's regular expressions see it: each byte that is no UTF-8 is U+FFFD. */
export function asCharacters(text: string): string {
  return loneByte.test(text) ? Array.from(text, (one) => (loneByte.test(one) ? "\ufffd" : one)).join("") : text;
}
