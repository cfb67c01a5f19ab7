/**
 * The text of a file as shells and editors write it: UTF-8, or UTF-16 as Windows PowerShell's `>` does, with or without a byte
 * order mark.
 * @returns the text without the mark; undefined where it is in neither encoding
 */
export function decodedText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Without a mark: of two bytes of a text's first character one is 0 in UTF-16, and none in UTF-8. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (second === 0 && first !== 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
}
