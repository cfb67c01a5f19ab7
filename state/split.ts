/**
 * The split of one state into the stacks' two, as steps that can be taken again: each looks at what lies in the places
 * before it writes. The network's state is written before the app's gives anything up, and on the way back the app's is
 * whole before the network's is emptied; so an interruption leaves instances twice, never nowhere.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Claim } from "../constructs/terraform/addressed-stack";
import type { ResourceChange } from "../lib/plan-changes";
import { pluginCache } from "../lib/plugin-cache";
import { shown, UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";
import { isEmptyState, type StateDocument } from "./document";
import { contentDigest, instanceAddress, inventory, inventoryDifference, notWithin } from "./inventory";
import { dropDigest } from "./lock-table";
import { sources, transientBlocks } from "./old-module";
import { AddressOwners, part, type StackId, stackIds } from "./parting";
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
import { movesAndImports, Proof, plannedOutputs, unexpectedChanges } from "./proof";
import { forwardSteps, type KeptState, type Run, type Step } from "./run";

export interface SplitOptions {
  readonly project: string;
  readonly settings: Settings;
  readonly claims: readonly Claim[];
  /** Whether states will be written; otherwise the run's folder goes with the process. */
  readonly apply: boolean;
  /** How long to wait for a lock, as Terraform writes it. @default not at all */
  readonly lockTimeout?: string;
  /** Whether a lock that this run has left may be taken off. */
  readonly unlock?: boolean;
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The plans change something: the states can't be parted without a change to what runs. */
export class NotCleanError extends UserError {
  constructor(
    message: string,
    readonly changes: readonly ResourceChange[],
  ) {
    super(message);
  }
}

/** What lies at a place, seen from the run: as it was found, as the run leaves it, or what somebody else has written. */
type Found = "before" | "after" | "other";

interface Look {
  readonly found: Found;
  readonly document: StateDocument | undefined;
}

const listed = (names: readonly string[]) =>
  names.length > 10 ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more` : names.join(", ");

export class Split {
  private readonly places: Readonly<Record<StackId | "source", StatePlace>>;
  /** The old state lies where the app's will: it is rewritten there. Otherwise it stays, as a copy. */
  private readonly inPlace: boolean;

  constructor(
    private readonly run: Run,
    private readonly options: SplitOptions,
  ) {
    const { source, targets } = run.record;
    this.inPlace = isSamePlace(source, targets.app);
    const { project, signal } = options;
    const environment = { TF_PLUGIN_CACHE_DIR: pluginCache(project) };
    const place = (name: StackId | "source", backend: typeof source) =>
      new StatePlace(backend, run.placeFolder(name), { environment, signal });
    const [network, app] = [place("network", targets.network), place("app", targets.app)];
    this.places = { network, app, source: this.inPlace ? app : place("source", source) };
  }

  /** Takes every step up to and with `last` that has not ended yet. */
  async forward(last: Step): Promise<void> {
    const steps: Record<Step, () => Promise<void> | void> = {
      pull: () => this.pull(),
      part: () => this.part(),
      prove: () => this.prove(),
      "push network": () => this.pushNetwork(),
      "push app": () => this.pushApp(),
      verify: () => this.verify(),
    };
    for (const step of forwardSteps.slice(0, forwardSteps.indexOf(last) + 1)) {
      if (this.run.isDone(step)) continue;
      if (this.options.signal?.aborted) throw new UserError(`Interrupted before the step "${step}".`);
      await steps[step]();
      this.run.update({ done: step, pushing: undefined });
    }
  }

  private async pull(): Promise<void> {
    const { source, network, app } = this.places;
    this.options.report(`Reading the state at ${source}`);
    const old = await source.pull(this.run.file("backup/source"));
    if (old === undefined) {
      throw new UserError(`There is no state at ${source}: give the bucket and key, or the file, of the old module's.`);
    }
    if (isEmptyState(old)) throw new UserError(`The state at ${source} holds no resources: there is nothing to part.`);
    const there = await network.pull(this.run.file("backup/network"));
    if (there === undefined) rmSync(this.run.file("backup/network"), { force: true });
    if (!isEmptyState(there)) this.refuseDestination("network", network, old);
    if (!this.inPlace) {
      const target = await app.pull(join(this.run.folder, "app-before.tfstate"));
      if (!isEmptyState(target)) this.refuseDestination("app", app, old);
    }
    this.run.sealBackups();
    if (this.options.apply) this.options.report(`Backups with checksums are in ${join(this.run.folder, "backup")}`);
  }

  private refuseDestination(stack: StackId, place: StatePlace, old: StateDocument): never {
    const owners = new AddressOwners(this.options.claims);
    const hasNetwork = old.resources.some((resource) => {
      return resource.mode === "managed" && owners.ownerOf(resource) === "network" && resource.instances.length > 0;
    });
    const why = hasNetwork
      ? `give ${stack} another place in the settings, or finish or roll back the run that has written it`
      : "the state is split already, and there is nothing to do";
    throw new UserError(`There are resources in the state at ${place} already, where ${stack}'s goes: ${why}.`);
  }

  private part(): void {
    const old = this.kept("backup/source");
    refuseUnfinished(old);
    refuseOtherAccounts(old, this.options.settings.allowedAccountIds);
    const { network, app, undeclared } = part(
      old,
      new AddressOwners(this.options.claims),
      this.run.kept("backup/network"),
    );
    const managed = inventory(old).filter(({ mode }) => mode === "managed").length;
    if (undeclared.length > 0) {
      const addresses = undeclared.flatMap((resource) =>
        resource.instances.map((instance) => instanceAddress(resource, instance)),
      );
      throw new UserError(
        addresses.length === managed
          ? `The state at ${this.places.source} is another module's: no stack declares any of its ${managed} instances (${listed(addresses)}).`
          : `No stack declares ${listed(addresses)}: declare them in additions/ (docs/additions.md), or take them out of the state first; bin/state/check says more.`,
      );
    }
    for (const [stack, document] of [
      ["network", network],
      ["app", app],
    ] as const) {
      if (!document.resources.some(({ mode }) => mode === "managed")) {
        throw new UserError(
          `The state at ${this.places.source} holds nothing of ${stack}: it is split already, or another module's.`,
        );
      }
    }
    const difference = inventoryDifference(old, [network, app]);
    const wrong = Object.entries(difference).filter(([, addresses]) => addresses.length > 0);
    if (wrong.length > 0) {
      throw new Error(`The parted states are not the old one: ${shown(wrong)}`);
    }
    this.run.keep("next/network", network);
    this.run.keep("next/app", app);
    const counts = [network, app].map(
      (document) => inventory(document).filter(({ mode }) => mode === "managed").length,
    );
    this.options.report(`${managed} instances: ${counts[0]} go to network, ${counts[1]} to app`);
  }

  /** Real plans of both stacks over copies; their outputs complete the states that will be written. */
  private async prove(): Promise<void> {
    const { report, signal, project, settings } = this.options;
    const { hcl, varFiles } = this.run.record;
    if (hcl !== undefined) {
      const blocks = transientBlocks(sources(hcl));
      if (blocks.length > 0) {
        throw new UserError(
          `The old module has blocks for one plan only (${listed(blocks)}): apply it and remove them first.`,
        );
      }
    }
    const proof = new Proof({ project, settings, folder: this.run.proofFolder, varFiles, signal });
    try {
      for (const stack of stackIds) refuseTransientBlocks(stack, proof.stackFolder(stack));
      const old = this.kept("backup/source");
      const next = { network: this.kept("next/network"), app: this.kept("next/app") };
      report("Planning network over a copy");
      const network = await proof.plan("network", next.network);
      const withOutputs = { ...next.network, outputs: plannedOutputs(network) };
      const oldPlan = hcl === undefined ? undefined : await this.planOld(proof, hcl, old);
      this.refuseChanges("network", unexpectedChanges([network], oldPlan), old);
      proof.put("network", withOutputs);
      report("Planning app over a copy");
      const app = await proof.plan("app", next.app);
      this.refuseChanges("app", unexpectedChanges([app], oldPlan), old);
      const moved = [network, app].flatMap(movesAndImports);
      if (moved.length > 0)
        throw new UserError(`The plans would move or import ${listed(moved)}: do that before or after.`);
      this.run.keep("next/network", withOutputs);
      this.run.keep("next/app", { ...next.app, outputs: plannedOutputs(app) });
      report(
        `Proven: the plans change nothing${hcl === undefined ? "" : " that the old module's does not"} but outputs`,
      );
    } finally {
      proof.remove();
    }
  }

  private async planOld(proof: Proof, hcl: string, old: StateDocument) {
    this.options.report("Planning the old module over a copy");
    return proof.planOldModule(hcl, old);
  }

  private refuseChanges(stack: StackId, changes: readonly ResourceChange[], old: StateDocument): void {
    if (changes.length === 0) return;
    const { hcl } = this.run.record;
    const created = changes.filter(({ actions }) => actions.join() === "create").length;
    const held = inventory(this.kept(`next/${stack}`)).filter(({ mode }) => mode === "managed").length;
    const accounts = accountsIn(old);
    const hint =
      created >= held && held > 0
        ? ` None of its resources is there for these credentials; the state is of account ${accounts.join(", ") || "unknown"}: are account and region the right ones?`
        : hcl === undefined
          ? " Where the old module plans the same, name it with --hcl; bin/state/check says more."
          : " bin/state/check says more.";
    const lines = changes.map(({ address, actions, attributes }) => {
      const paths = attributes.map(({ path }) => path).filter((path) => path !== "");
      return `  - ${actions.join(" and ")} ${address}${paths.length > 0 ? `: ${listed(paths)}` : ""}`;
    });
    throw new NotCleanError(
      `The plan of ${stack} makes ${changes.length} changes${hcl === undefined ? "" : " that the old module's does not make"}, so nothing is parted.${hint}\n${lines.join("\n")}`,
      changes,
    );
  }

  private async pushNetwork(): Promise<void> {
    const { app, network } = await this.lookAtAll();
    if (network.found === "other") throw this.conflict("network");
    if (app.found !== "before") throw this.conflict("app");
    if (network.found === "after") return this.settle("network", network);
    this.options.report(`Writing ${this.places.network}`);
    await this.push("network", this.run.file("next/network"));
  }

  private async pushApp(): Promise<void> {
    const { app, network } = await this.lookAtAll();
    // Nothing is given up that is not safe elsewhere.
    if (network.found !== "after") throw this.conflict("network");
    if (app.found === "after") return this.settle("app", app);
    try {
      if (app.found === "other") throw this.conflict("app");
      this.options.report(`Writing ${this.places.app}`);
      await this.push("app", this.run.file("next/app"));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      this.options.report(`${error.message} Taking the network's state back`);
      await this.back();
      throw new UserError(`${error.message} Everything is as it was: start again when nobody else is writing.`);
    }
  }

  private async verify(): Promise<void> {
    const { app, network } = await this.lookAtAll();
    for (const [stack, look] of [
      ["network", network],
      ["app", app],
    ] as const) {
      if (look.found !== "after") throw this.conflict(stack);
    }
    const old = this.kept("backup/source");
    const parts = [network.document, app.document].filter((document) => document !== undefined);
    const wrong = Object.values(inventoryDifference(old, parts)).flat();
    if (wrong.length > 0) throw new Error(`The written states are not the old one: ${listed(wrong)}`);
    if (app.document?.lineage !== old.lineage) throw new Error("The app's state has lost its lineage");
    this.run.update({ status: "split" });
  }

  /** Brings back what the run has written, whichever that is. */
  async back(): Promise<void> {
    const { report } = this.options;
    this.run.update({ direction: "back" });
    if (this.run.isDone("prove")) {
      const { app, network } = await this.lookAtAll();
      if (network.found === "other") throw this.conflict("network");
      if (app.found === "other") this.requireNetworkWithin(app.document, "app");
      if (app.found === "after") {
        report(`Restoring ${this.places.app}`);
        const original = this.inPlace
          ? this.kept("backup/source")
          : { ...this.kept("next/app"), outputs: {}, resources: [] };
        this.run.keep("back/app", { ...original, serial: (app.document?.serial ?? 0) + 1 });
        await this.push("app", this.run.file("back/app"));
      } else {
        await this.settle("app", app);
      }
      if (network.found === "after" && network.document !== undefined) {
        const holder = this.inPlace ? this.places.app : this.places.source;
        this.requireNetworkWithin(await holder.pull(this.lookFile("holder")), "app");
        report(`Emptying ${this.places.network}`);
        const { document } = network;
        this.run.keep("back/network", { ...document, outputs: {}, resources: [], serial: document.serial + 1 });
        await this.push("network", this.run.file("back/network"));
      } else {
        await this.settle("network", network);
      }
      const after = await this.lookAtAll();
      if (after.network.found !== "before") throw this.conflict("network");
      if (after.app.found === "after") throw this.conflict("app");
    }
    this.run.update({ status: "rolled back", pushing: undefined });
  }

  /** The network's instances are given up only where another state has every one of them. */
  private requireNetworkWithin(document: StateDocument | undefined, stack: StackId): void {
    const missing = document === undefined ? ["everything"] : notWithin(this.kept("next/network"), document);
    if (missing.length === 0) return;
    throw new ConflictError(
      `Somebody else has written the state at ${this.places[stack]} since, and it lacks or changes ${listed(missing)}: nothing is taken back. The original is ${this.run.file("backup/source")}.`,
    );
  }

  private conflict(stack: StackId): ConflictError {
    return new ConflictError(
      `Somebody else has written the state at ${this.places[stack]} since this run has read it.`,
    );
  }

  private async lookAtAll(): Promise<Record<StackId, Look>> {
    const network = await this.look("network");
    const app = await this.look("app");
    if (!this.inPlace) {
      const source = await this.places.source.pull(this.lookFile("source"));
      if (contentDigest(source) !== contentDigest(this.kept("backup/source"))) {
        throw new ConflictError(
          `Somebody else has written the state at ${this.places.source} since this run has read it.`,
        );
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
    return document !== undefined && contentDigest(document) === contentDigest(this.kept(`next/${stack}`));
  }

  private isBefore(stack: StackId, document: StateDocument | undefined): boolean {
    if (stack === "network" || !this.inPlace) return isEmptyState(document);
    const original = this.kept("backup/source");
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
  private lookFile(name: string): string {
    return join(this.run.folder, `seen-${name}.tfstate`);
  }

  /**
   * Where our own push was killed after it had written, its lock may be left, and only who takes the lock learns of that:
   * what lies there is written again as it is.
   */
  private async settle(stack: StackId, { document }: Look): Promise<void> {
    if (this.run.record.pushing?.stack !== stack) return;
    if (document !== undefined) return this.push(stack, this.lookFile(stack));
    this.run.keep(`back/${stack}`, { ...this.kept(`next/${stack}`), serial: 1, outputs: {}, resources: [] });
    await this.push(stack, this.run.file(`back/${stack}`));
  }

  private async push(stack: StackId, file: string): Promise<void> {
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
          `The state at ${place} is locked by ${error.lock.who} since ${error.lock.created}: by this run, when it was killed. Nobody else holds it: go on with --unlock, or take the lock off with "${place.unlockCommand(error.lock)}".`,
        );
      }
      report(`Taking off the lock ${error.lock.id} that this run has left`);
      await place.unlock(error.lock);
      await place.push(file, lockTimeout);
    }
    this.run.update({ pushing: undefined });
  }

  private kept(name: KeptState): StateDocument {
    const document = this.run.kept(name);
    if (document === undefined) {
      throw new UserError(
        `The run ${this.run.record.id} has lost ${this.run.file(name)}: restore it, or use the backups by hand.`,
      );
    }
    return document;
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
    `The Terraform that this run has started (process ${pid}) still writes ${place}: wait for its end.`,
  );
}

function refuseUnfinished(document: StateDocument): void {
  const unfinished = document.resources.flatMap((resource) =>
    resource.instances
      .filter(({ status, deposed }) => status === "tainted" || deposed !== undefined)
      .map((instance) => instanceAddress(resource, instance) + (instance.status === "tainted" ? " (tainted)" : "")),
  );
  if (unfinished.length === 0) return;
  throw new UserError(
    `The state holds unfinished objects: ${listed(unfinished)}. Apply the old module (or "terraform untaint" them) first.`,
  );
}

/** The account ids in the ARNs of what a state manages. */
function accountsIn(document: StateDocument): string[] {
  const arns = document.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes?.arn ?? "")));
  return [...new Set(arns.flatMap((arn) => /^arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):/.exec(arn)?.[1] ?? []))].sort();
}

function refuseOtherAccounts(document: StateDocument, allowed: readonly string[]): void {
  const others = accountsIn(document).filter((account) => allowed.length > 0 && !allowed.includes(account));
  if (others.length === 0) return;
  throw new UserError(
    `The state is of account ${others.join(", ")}, and the setting allowedAccountIds has ${shown(allowed)}: name the right state, or mend the setting.`,
  );
}

function refuseTransientBlocks(stack: StackId, folder: string): void {
  const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  const found = ["moved", "import", "removed"].filter((kind) => kind in json);
  if (found.length === 0) return;
  throw new UserError(
    `The stack ${stack} has ${found.join(" and ")} blocks: take them out (additions/${stack}.ts) until the split is done.`,
  );
}
