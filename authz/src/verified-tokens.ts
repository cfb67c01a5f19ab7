import { createHash } from "node:crypto";

export interface VerifiedToken {
  readonly username: string;
  /** As `Date.now()` counts. */
  readonly expiresAtMs: number;
}

/**
 * Remembers verified tokens until they expire, at most `capacity` of them. It holds their SHA-256 digests and no tokens,
 * so that its size is known however long a token is, and a memory dump gives none away.
 *
 * Two generations: when the young one is full, the old one is dropped and the young one becomes old. A token in use moves to
 * the young one. That keeps what is used without a list to sort at each request.
 */
export class VerifiedTokens {
  private young = new Map<string, VerifiedToken>();
  private old = new Map<string, VerifiedToken>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(token: string): VerifiedToken | undefined {
    const key = digest(token);
    let verified = this.young.get(key);
    if (verified === undefined) {
      verified = this.old.get(key);
      if (verified === undefined) return undefined;
      this.old.delete(key);
      this.add(key, verified);
    }
    if (Date.now() < verified.expiresAtMs) return verified;
    this.young.delete(key);
    return undefined;
  }

  set(token: string, verified: VerifiedToken): void {
    this.add(digest(token), verified);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }

  private add(key: string, verified: VerifiedToken): void {
    if (this.young.size >= this.capacity / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, verified);
  }
}

function digest(token: string): string {
  return createHash("sha256").update(token, "latin1").digest("base64");
}
