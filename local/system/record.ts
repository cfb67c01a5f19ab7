/** What `up` leaves for the other commands, in a folder that git ignores and nobody else reads. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PrivateFolder } from "../../lib/private-folder";
import { UserError } from "../../lib/user-error";
import type { UserPoolPlace } from "./differences";
import type { ComposeEngine } from "./engine";

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

export class SystemFolder extends PrivateFolder {
  constructor(project: string) {
    super(join(project, ".local"));
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
}
