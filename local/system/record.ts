/** What `up` leaves for the other commands, in a folder that git ignores and nobody else reads. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../lib/user-error";
import type { UserPoolPlace } from "./differences";
import type { ComposeEngine } from "./engine";

export interface PageRecord {
  readonly pid: number;
  readonly port: number;
  /** By which the page's server shows that it is this one. */
  readonly id: string;
}

export interface ContainerRecord {
  readonly name: string;
  /** Of the services' list; a surrounding's own name. */
  readonly service: string;
  readonly image: string;
  /** In the system's network. */
  readonly address: string;
}

/** Where a service is declared. */
export interface Declared {
  /** Terraform's: `aws_ecs_service.backend_flask`. */
  readonly address: string;
  readonly constructPath: string;
}

export interface SystemRecord {
  readonly name: string;
  readonly engine: ComposeEngine;
  /** By the container's name in the compose file; in the order in which they are shown. */
  readonly containers: readonly ContainerRecord[];
  readonly ports: Readonly<Record<string, number>>;
  readonly userPool: UserPoolPlace;
  /** By the service's name. */
  readonly declared: Readonly<Record<string, Declared>>;
  /** Every image that was built for it. */
  readonly images: readonly string[];
  /** What the system lacks, a sentence each. */
  readonly notes: readonly string[];
}

export class SystemFolder {
  readonly path: string;

  constructor(project: string) {
    this.path = join(project, ".local");
  }

  file(name: string): string {
    return join(this.path, name);
  }

  make(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  /** Readable by the user alone. */
  write(name: string, text: string): string {
    this.make();
    writeFileSync(this.file(name), text, { mode: 0o600 });
    return this.file(name);
  }

  /** Readable by a container's user, too: the folder itself isn't open to others on this machine. */
  share(name: string, text: string): string {
    const file = this.file(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(dirname(file), 0o755);
    chmodSync(file, 0o644);
    return file;
  }

  read(name: string): string | undefined {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), "utf8") : undefined;
  }

  record(): SystemRecord | undefined {
    const text = this.read("system.json");
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** @throws UserError where no system was started */
  requireRecord(): SystemRecord {
    const record = this.record();
    if (record === undefined) {
      throw new UserError("The system doesn't run here: start it with `npm run local -- up`.");
    }
    return record;
  }

  page(): PageRecord | undefined {
    const text = this.read("page.json");
    return text === undefined ? undefined : JSON.parse(text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
