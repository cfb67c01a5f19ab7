/**
 * Characters that a terminal obeys, that turn a line's order round, or that don't show: with them a name could hide the
 * line it stands in. https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/** A text as one line, in which every character shows: others as JSON writes them. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => short[character] ?? escaped(character));
}

/** JSON of the same value in which every character shows. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) =>
    character === "\n" || character === "\t"
      ? character
      : [...Array(character.length).keys()]
          .map((at) => escaped(String.fromCharCode(character.charCodeAt(at))))
          .join(""),
  );
}
