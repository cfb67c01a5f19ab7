/** Random values that a seed repeats: a test that fails says which seed it was. https://prng.di.unimi.it (SplitMix32) */
export class Random {
  constructor(private state: number) {}

  /** @returns an integer from 0 to below `limit` */
  below(limit: number): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  }

  one<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  /** @returns from 0 to `most` values of a generator, joined */
  text(most: number, generate: () => string): string {
    return Array.from({ length: this.below(most + 1) }, generate).join("");
  }
}
