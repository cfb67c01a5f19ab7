/** What the page of a kept trial knows of it, in a folder that git ignores and nobody else reads. */
import { join } from "node:path";
import { PrivateFolder } from "../../../lib/private-folder";
import type { PathSettings } from "../path/path";
import type { TrialPool } from "../path/user";

export interface TrialPageRecord {
  /** Of the loopback interface. */
  readonly port: number;
  readonly pool: TrialPool;
  /** Of the request path. */
  readonly settings: PathSettings;
  /** The process of the local AWS: the page ends with it. */
  readonly aws: { readonly pid: number; readonly start: string };
  /** What Envoy logged before it was kept. */
  readonly envoyLog: string;
  /** The file with all of Terraform's text. */
  readonly terraformLog: string;
  /** The setting that the sample change changes, as settings.json has it. */
  readonly changed: string;
  /** What could not be shown, a sentence each. */
  readonly notes: readonly string[];
}

export class TrialPageFolder extends PrivateFolder {
  /** @param folder of the trial */
  constructor(folder: string) {
    super(join(folder, "page"));
  }

  writeRecord(record: TrialPageRecord): void {
    this.write("record.json", JSON.stringify(record));
  }

  record(): TrialPageRecord {
    return JSON.parse(this.read("record.json") ?? "null");
  }

  /** The sample change's explained plan, as HTML. */
  writeChange(html: string): void {
    this.write("change.html", html);
  }

  change(): string | undefined {
    return this.read("change.html");
  }
}
