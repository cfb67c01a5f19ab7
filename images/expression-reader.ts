/** Reads an expression of Go's, a character at a time. */

/** The expression is none to Go. */
export class BadExpression extends Error {}

export class ExpressionReader {
  private readonly characters: readonly string[];
  private index = 0;

  constructor(text: string) {
    this.characters = Array.from(text);
  }

  get ended(): boolean {
    return this.index >= this.characters.length;
  }

  peek(offset = 0): string {
    return this.characters[this.index + offset] ?? "";
  }

  next(): string {
    if (this.ended) throw new BadExpression();
    this.index += 1;
    return this.characters[this.index - 1] ?? "";
  }

  /** All that follows, left where it is. */
  ahead(): string {
    return this.characters.slice(this.index).join("");
  }

  skip(count: number): void {
    this.index += count;
  }

  rest(): string {
    const rest = this.ahead();
    this.index = this.characters.length;
    return rest;
  }

  /**
   * What follows up to a text, which is taken, too.
   * @param from characters, in which the text isn't looked for
   * @returns undefined where it doesn't follow
   */
  upTo(end: string, from = 0): string | undefined {
    const rest = this.ahead();
    const found = rest.indexOf(end, from);
    if (found < 0) return undefined;
    const taken = rest.slice(0, found);
    this.index += Array.from(taken + end).length;
    return taken;
  }
}
