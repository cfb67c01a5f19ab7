/**
 * The value of a heredoc, as a template that means the same in a quoted string and in Terraform's JSON syntax. What `~` and `<<-`
 * take away goes by the lines of the heredoc, so it is taken away here.
 * https://github.com/hashicorp/hcl/blob/v2.23.0/hclsyntax/parser_template.go
 */
import { templateParts } from "./template";

interface Piece {
  readonly isLiteral: boolean;
  text: string;
}

/** @param text from `<<` to the end marker */
export function heredocTemplate(text: string): string {
  const [start = "", ...rest] = text.split(/(?<=\n)/);
  const pieces = trimmedPieces(rest.slice(0, -1).join(""));
  if (start.startsWith("<<-")) takeIndentationAway(pieces);
  return pieces.map((piece) => piece.text).join("");
}

/** A line of a literal is a piece of its own: `~` trims the one beside it, and no further. */
function trimmedPieces(template: string): Piece[] {
  const pieces: Piece[] = [];
  let trimsNext = false;
  for (const { kind, text } of templateParts(template)) {
    if (kind === "text") {
      for (const line of text.split(/(?<=\n)/)) {
        pieces.push({ isLiteral: true, text: trimsNext ? line.trimStart() : line });
        trimsNext = false;
      }
    } else {
      const last = pieces.at(-1);
      if (kind === "directive" && /^.\{~/.test(text) && last?.isLiteral) last.text = last.text.trimEnd();
      trimsNext = kind === "directive" && text.endsWith("~}");
      const whole = kind === "expression" ? `\${${text}}` : text.replace(/^(.\{)~/, "$1").replace(/~\}$/, "}");
      pieces.push({ isLiteral: false, text: whole });
    }
  }
  return pieces;
}

function takeIndentationAway(pieces: readonly Piece[]): void {
  const isAtLineStart = (at: number) => {
    const before = pieces[at - 1];
    return before === undefined || (before.isLiteral && before.text.endsWith("\n"));
  };
  const isBlankLine = ({ isLiteral, text }: Piece) => isLiteral && /^\s*\n$/.test(text);
  const starts = pieces.filter((piece, at) => isAtLineStart(at) && !isBlankLine(piece));
  const indents = starts.map(({ isLiteral, text }) => (isLiteral ? text.length - text.trimStart().length : 0));
  const common = Math.min(...indents);
  for (const piece of starts) if (piece.isLiteral) piece.text = piece.text.slice(common);
}
