/**
 * The states that a run writes, as it finds and leaves them: whose content lies where, what a killed push has left behind,
 * and the writing itself.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/user-error";
import { toolName } from "../terraform/tool";
import { isEmptyState, type StateDocument } from "./document";
import { contentDigest } from "./inventory";
import { dropDigest } from "./lock-table";
import {
  ConflictError,
  DigestError,
  isSamePlace,
  type Lock,
  LockedError,
  ownName,
  replaceLocalFile,
  StatePlace,
} from "./place";
import type { KeptState, Run } from "./run";
import type { StackId } from "./split-state";

export interface RunStatesOptions {
  /** How long to wait for a lock, as Terraform writes it. @default not at all */
  readonly lockTimeout?: string;
  /** Whether a lock that this run has left may be taken off. */
  readonly unlock?: boolean;
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What lies at a place, seen from the run: as it was found, as the run leaves it, or what somebody else has written. */
type Found = "before" | "after" | "other";

interface Look {
  readonly found: Found;
  readonly document: StateDocument | undefined;
}

export class RunStates {
  readonly places: Readonly<Record<StackId | "source", StatePlace>>;
  /** The old state lies where the app's will: it is rewritten there. Otherwise it stays, as a copy. */
  readonly inPlace: boolean;

  constructor(
    private readonly run: Run,
    private readonly options: RunStatesOptions,
  ) {
    const { source, targets } = run.record;
    this.inPlace = isSamePlace(source, targets.app);
    const { signal } = options;
    const place = (name: StackId | "source", backend: typeof source) =>
      new StatePlace(backend, run.placeFolder(name), { signal });
    const [network, app] = [place("network", targets.network), place("app", targets.app)];
    this.places = { network, app, source: this.inPlace ? app : place("source", source) };
  }

  conflict(name: StackId | "source"): ConflictError {
    return new ConflictError(`Somebody else has written the state at ${this.places[name]} since this run has read it.`);
  }

  /** @throws ConflictError where the old state, in a place of its own, is another one by now */
  async lookAtAll(): Promise<Record<StackId, Look>> {
    const network = await this.look("network");
    const app = await this.look("app");
    if (!this.inPlace) {
      const source = await this.places.source.pull(this.lookFile("source"));
      if (contentDigest(source) !== contentDigest(this.run.required("backup/source"))) {
        throw this.conflict("source");
      }
    }
    return { network, app };
  }

  private async look(stack: StackId): Promise<Look> {
    const document = await this.pullOrMend(stack);
    const found = this.isAfter(stack, document) ? "after" : this.isBefore(stack, document) ? "before" : "other";
    return { found, document };
  }

  private isAfter(stack: StackId, document: StateDocument | undefined): boolean {
    return document !== undefined && contentDigest(document) === contentDigest(this.run.required(`next/${stack}`));
  }

  private isBefore(stack: StackId, document: StateDocument | undefined): boolean {
    if (stack === "network" || !this.inPlace) return isEmptyState(document);
    const original = this.run.required("backup/source");
    if (contentDigest(document) !== contentDigest(original)) return false;
    // On the way back the content has come with a later serial.
    return this.run.record.direction === "back" || document?.serial === original.serial;
  }

  /** Reads a place; where our own push was killed in the middle of its writing, what that has left is mended first. */
  private async pullOrMend(stack: StackId): Promise<StateDocument | undefined> {
    const place = this.places[stack];
    const isOurs = this.run.record.pushing?.stack === stack;
    const isLocal = place.backend.type === "local";
    try {
      const document = await place.pull(this.lookFile(stack));
      if (document !== undefined || !isOurs || !isLocal) return document;
    } catch (error) {
      if (!isOurs) throw error;
      if (error instanceof DigestError) return this.mendDigest(stack, error);
      if (!isLocal) throw error;
    }
    return this.mendLocal(stack);
  }

  /** Terraform's local backend overwrites the file in place: what lay there before is put back. */
  private async mendLocal(stack: StackId): Promise<StateDocument | undefined> {
    const place = this.places[stack];
    const before: KeptState = stack === "app" && this.inPlace ? "backup/source" : "backup/network";
    const hasBefore = this.run.kept(before) !== undefined && (stack === "network" || this.inPlace);
    replaceLocalFile(
      String(place.backend.arguments.path),
      hasBefore ? readFileSync(this.run.file(before), "utf8") : undefined,
    );
    return place.pull(this.lookFile(stack));
  }

  /**
   * The backend had written our state, and its digest not yet. That is mended only where what lies there is ours, and
   * nobody else holds the lock.
   */
  private async mendDigest(stack: StackId, error: DigestError): Promise<StateDocument | undefined> {
    const place = this.places[stack];
    const document = await place.besideTable(this.run.placeFolder(`${stack}-beside`)).pull(this.lookFile(stack));
    if (!this.isAfter(stack, document) && !this.isBefore(stack, document)) throw error;
    try {
      // Only who takes the lock learns of one. The writing itself fails by the digest.
      await this.push(stack, this.lookFile(stack));
    } catch (refused) {
      if (!(refused instanceof DigestError)) throw refused;
    }
    this.options.report(`Taking the old digest of ${place} out of the lock table`);
    await dropDigest(place.backend);
    return document;
  }

  /** Each look has a file of its own, for Terraform to write into. */
  lookFile(name: string): string {
    return join(this.run.folder, `seen-${name}.tfstate`);
  }

  /**
   * Where our own push was killed after it had written, its lock may be left, and only who takes the lock learns of that:
   * what lies there is written again as it is.
   */
  async settle(stack: StackId, { document }: Look): Promise<void> {
    if (this.run.record.pushing?.stack !== stack) return;
    if (document !== undefined) return this.push(stack, this.lookFile(stack));
    this.run.keep(`back/${stack}`, { ...this.run.required(`next/${stack}`), serial: 1, outputs: {}, resources: [] });
    await this.push(stack, this.run.file(`back/${stack}`));
  }

  /**
   * Writes the state of a file to a stack's place. The push stays recorded until its step is: a kill between the two must
   * find that something was written.
   */
  async push(stack: StackId, file: string): Promise<void> {
    const { lockTimeout, unlock = false, report } = this.options;
    const place = this.places[stack];
    const earlier = this.run.record.pushing;
    const isAgain = earlier?.stack === stack;
    this.run.update({ pushing: isAgain ? earlier : { stack, since: new Date().toISOString() } });
    try {
      await place.push(file, lockTimeout);
    } catch (error) {
      if (!(error instanceof LockedError) || !isAgain || !isLeftBehind(error.lock, earlier.since)) throw error;
      refuseLiving(place);
      if (!unlock) {
        throw new UserError(
          `The state at ${place} is locked by ${error.lock.who} since ${error.lock.created}: by this run, when it was killed. Nobody else holds it: go on with --unlock, or remove the lock with "${place.unlockCommand(error.lock)}".`,
        );
      }
      report(`Removing the lock ${error.lock.id} that this run has left`);
      await place.unlock(error.lock);
      await place.push(file, lockTimeout);
    }
  }
}

/** Whether a lock can only be the one that this run's killed push has taken. */
function isLeftBehind({ who, operation, created }: Lock, since: string): boolean {
  const taken = Date.parse(created.replace(/^(\S+) (\S+) \+0000 UTC$/, "$1T$2Z").replace(/(\.\d{3})\d+/, "$1"));
  return who === ownName() && operation === "state-push" && taken >= Date.parse(since);
}

/** Our process was killed, but its Terraform may have gone on. */
function refuseLiving(place: StatePlace): void {
  const { livingPush: pid } = place;
  if (pid === undefined) return;
  throw new UserError(
    `The ${toolName()} that this run has started (process ${pid}) still writes ${place}: wait for its end.`,
  );
}
