/**
 * The record of a split: what it was asked for, how far it came, and the states that it has seen and will write. It is
 * what resume and rollback go by, so each step is recorded before it begins and after it has ended.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { isAlive } from "../lib/is-alive";
import { nearest } from "../lib/nearest";
import { shown, UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";
import { parseState, type StateDocument, serializeState } from "./document";
import type { Backend } from "./place";
import type { StackId } from "./split-state";

export const runsFolder = ".state-runs";

export const forwardSteps = ["pull", "split", "prove", "push network", "push app", "verify"] as const;
export type Step = (typeof forwardSteps)[number];

export interface RunRecord {
  readonly format: 1;
  readonly id: string;
  /** Where the old state lies. */
  readonly source: Backend;
  readonly targets: Readonly<Record<StackId, Backend>>;
  /** The old module's folder, when its own plan is the measure. */
  readonly hcl?: string;
  readonly varFiles: readonly string[];
  /** The module whose own variable files count as well. */
  readonly variablesFrom?: string;
  /** The old module's workspace, where it isn't the first one. */
  readonly workspace?: string;
  /** The last step that has ended. */
  readonly done?: Step;
  /** `forward`: to the split states. `back`: to the original ones. */
  readonly direction: "forward" | "back";
  readonly status: "open" | "split" | "rolled back";
  /** A push that has begun; it may or may not have come through. */
  readonly pushing?: { readonly stack: StackId; readonly since: string };
}

/** The states that a run keeps, as files in its folder. */
export type KeptState = "backup/source" | "backup/network" | "next/network" | "next/app" | "back/network" | "back/app";

export class Run {
  private constructor(
    readonly folder: string,
    private current: RunRecord,
  ) {}

  static create(runs: string, record: Omit<RunRecord, "format" | "id" | "direction" | "status">): Run {
    const id = `${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(2).toString("hex")}`;
    const folder = join(runs, id);
    for (const part of ["backup", "next", "back"]) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
    const run = new Run(folder, { format: 1, id, direction: "forward", status: "open", ...record });
    run.save();
    return run;
  }

  /** @param given an id in `runs`, or the path of a run's folder */
  static open(runs: string, given: string, directory: string): Run {
    const asPath = resolve(directory, given);
    const folder = isAbsolute(given) || existsSync(join(asPath, "run.json")) ? asPath : join(runs, basename(given));
    const file = join(folder, "run.json");
    if (!existsSync(file)) {
      const known = recordedIn(runs);
      const hint = nearest(given, known) ?? known.at(-1);
      const help =
        hint === undefined ? "no split has been recorded there, so nothing was written." : `did you mean ${hint}?`;
      throw new UserError(`There is no run ${shown(given)} in ${runs}: ${help}`);
    }
    let record: RunRecord;
    try {
      record = JSON.parse(readFileSync(file, "utf8"));
    } catch {
      throw new UserError(`The record ${file} is damaged: restore it, or use the backups beside it by hand.`);
    }
    if (record.format !== 1) {
      throw new UserError(`The record ${file} has the format ${shown(record.format)}: use the version that wrote it.`);
    }
    return new Run(folder, withTodaysSteps(record));
  }

  get record(): RunRecord {
    return this.current;
  }

  update(change: Partial<RunRecord>): void {
    this.current = { ...this.current, ...change };
    this.save();
  }

  /** Whether anything may have been written to a place: a push that has begun counts. */
  get hasWritten(): boolean {
    return this.isDone("push network") || this.current.pushing !== undefined;
  }

  /** The other runs with the same targets, newest first. */
  siblings(): Run[] {
    const runs = dirname(this.folder);
    const others = recordedIn(runs).filter((id) => id !== basename(this.folder));
    const targets = JSON.stringify(this.current.targets);
    return others.reverse().flatMap((id) => {
      try {
        const run = Run.open(runs, id, runs);
        return JSON.stringify(run.record.targets) === targets ? [run] : [];
      } catch {
        // A damaged record says nothing of its places.
        return [];
      }
    });
  }

  /** Whether a step has ended. */
  isDone(step: Step): boolean {
    const { done } = this.current;
    return done !== undefined && forwardSteps.indexOf(step) <= forwardSteps.indexOf(done);
  }

  keep(name: KeptState, document: StateDocument): void {
    writeWhole(this.file(name), serializeState(document));
  }

  /** @returns undefined where the run keeps none under that name */
  kept(name: KeptState): StateDocument | undefined {
    const file = this.file(name);
    if (!existsSync(file)) return undefined;
    this.checkBackup(name, file);
    return parseState(readFileSync(file), file);
  }

  /** @throws UserError where the run keeps none under that name */
  required(name: KeptState): StateDocument {
    const document = this.kept(name);
    if (document === undefined) {
      throw new UserError(
        `The run ${this.record.id} has lost ${this.file(name)}: restore it, or use the backups by hand.`,
      );
    }
    return document;
  }

  file(name: KeptState): string {
    return join(this.folder, `${name}.tfstate`);
  }

  /** Where Terraform works for a place. */
  placeFolder(name: string): string {
    return join(this.folder, "places", name);
  }

  get proofFolder(): string {
    return join(this.folder, "proof");
  }

  /** Writes the checksums of the backups, as `sha256sum --check` reads them. */
  sealBackups(): void {
    const names = readdirSync(join(this.folder, "backup")).filter((name) => name.endsWith(".tfstate"));
    const lines = names.map((name) => `${sha256(readFileSync(join(this.folder, "backup", name)))}  ${name}\n`);
    writeWhole(join(this.folder, "backup", "SHA256SUMS"), lines.join(""));
  }

  /** Leaves what resume and rollback go by, and nothing else. */
  tidy(): void {
    rmSync(this.proofFolder, { recursive: true, force: true });
    if (this.record.status !== "open") rmSync(join(this.folder, "places"), { recursive: true, force: true });
    for (const name of readdirSync(this.folder)) {
      if (name.endsWith(".tfstate")) rmSync(join(this.folder, name), { force: true });
    }
  }

  private checkBackup(name: KeptState, file: string): void {
    if (!name.startsWith("backup/")) return;
    const sums = join(this.folder, "backup", "SHA256SUMS");
    if (!existsSync(sums)) return;
    const line = `${sha256(readFileSync(file))}  ${basename(file)}`;
    if (readFileSync(sums, "utf8").split("\n").includes(line)) return;
    throw new UserError(`The backup ${file} is not what it was (its checksum in ${sums} differs): restore it first.`);
  }

  /**
   * Keeps a second process from working on this run.
   * @throws UserError while another one that lives does
   */
  claim(): { release: () => void } {
    const file = join(this.folder, "claim");
    try {
      writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const pid = Number(readFileSync(file, "utf8"));
      if (isAlive(pid)) {
        throw new UserError(
          `Process ${pid} is working on the run ${this.record.id}: wait until it ends. If ${pid} is another program by now, delete ${file}.`,
        );
      }
      writeFileSync(file, String(process.pid), { mode: 0o600 });
    }
    return { release: () => rmSync(file, { force: true }) };
  }

  private save(): void {
    writeWhole(join(this.folder, "run.json"), `${JSON.stringify(this.current, null, 2)}\n`);
  }
}

/** Ids of the runs in a folder, oldest first. */
function recordedIn(runs: string): string[] {
  return existsSync(runs)
    ? readdirSync(runs)
        .filter((id) => existsSync(join(runs, id, "run.json")))
        .sort()
    : [];
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A step that records of earlier versions call by another name. */
function withTodaysSteps(record: RunRecord): RunRecord {
  return (record.done as string) === "part" ? { ...record, done: "split" } : record;
}
