/** A folder that nobody else on this machine reads, with texts by name. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class PrivateFolder {
  constructor(readonly path: string) {}

  file(name: string): string {
    return join(this.path, name);
  }

  make(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  /** Readable by the user alone. @returns the file */
  write(name: string, text: string): string {
    this.make();
    writeFileSync(this.file(name), text, { mode: 0o600 });
    return this.file(name);
  }

  read(name: string): string | undefined {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), "utf8") : undefined;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
