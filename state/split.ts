/**
 * The split of one state into the stacks' two, as steps that can be taken again: each looks at what lies in the places
 * before it writes. The network's state is written before the app's gives anything up, and on the way back the app's is
 * whole before the network's is emptied; so an interruption leaves instances twice, never nowhere.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Claim } from "../constructs/terraform/addressed-stack";
import { listed } from "../lib/listed";
import { shown, UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";
import type { ResourceChange } from "../terraform/plan-changes";
import { isEmptyState, type StateDocument } from "./document";
import { instanceAddress, inventory, inventoryDifference } from "./inventory";
import { refuseChanges, refuseMoves } from "./not-clean";
import { ConflictError, type StatePlace } from "./place";
import { Proof, pendingMoves, plannedOutputs, unexpectedChanges } from "./proof";
import { renamedProviders } from "./provider-address";
import { refuseOtherAccounts, refusePutBack, refuseTransientBlocks, refuseUnfinished } from "./refusals";
import { Rollback } from "./rollback";
import { forwardSteps, type Run, type Step } from "./run";
import { RunStates, type RunStatesOptions } from "./run-states";
import { AddressOwners, type StackId, splitState, stackIds } from "./split-state";

export interface SplitOptions extends RunStatesOptions {
  /** The project's folder. */
  readonly project: string;
  readonly settings: Settings;
  readonly claims: readonly Claim[];
  /** Whether states will be written; otherwise the run's folder goes with the process. */
  readonly apply: boolean;
}

export class Split {
  private readonly states: RunStates;

  constructor(
    private readonly run: Run,
    private readonly options: SplitOptions,
  ) {
    this.states = new RunStates(run, options);
  }

  /** Takes every step up to and with `last` that has not ended yet. */
  async forward(last: Step): Promise<void> {
    const steps: Record<Step, () => Promise<void> | void> = {
      pull: () => this.pull(),
      split: () => this.split(),
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
    const { source, network, app } = this.states.places;
    this.options.report(`Reading the state at ${source}`);
    const old = await source.pull(this.run.file("backup/source"));
    if (old === undefined) {
      throw new UserError(
        `There is no state at ${source}: give the bucket and key, or the file, of the old module's state.`,
      );
    }
    const note = renamedProviders(old.renamed);
    if (note !== undefined) this.options.report(note);
    if (isEmptyState(old)) throw new UserError(`The state at ${source} holds no resources: there is nothing to split.`);
    const there = await network.pull(this.run.file("backup/network"));
    if (there === undefined) rmSync(this.run.file("backup/network"), { force: true });
    if (!isEmptyState(there)) this.refuseDestination("network", network, old);
    if (!this.states.inPlace) {
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
      ? `name another state file for ${stack} in the settings, or finish or roll back the run that wrote it`
      : "the state is split already, and there is nothing to do";
    throw new UserError(`There are resources in the state at ${place} already, where ${stack}'s goes: ${why}.`);
  }

  private split(): void {
    const old = this.run.required("backup/source");
    refuseUnfinished(old);
    refuseOtherAccounts(old, this.options.settings.allowedAccountIds);
    const { network, app, undeclared } = splitState(
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
          ? `The state at ${this.states.places.source} is another module's: no stack declares any of its ${managed} instances (${listed(addresses)}).`
          : `No stack declares ${listed(addresses)}: declare them in additions/ (docs/additions.md), or remove them from the state first; bin/state/check says more.`,
      );
    }
    for (const [stack, document] of [
      ["network", network],
      ["app", app],
    ] as const) {
      if (!document.resources.some(({ mode }) => mode === "managed")) {
        throw new UserError(
          `The state at ${this.states.places.source} holds nothing of ${stack}: it is split already, or another module's.`,
        );
      }
    }
    const difference = inventoryDifference(old, [network, app]);
    const wrong = Object.entries(difference).filter(([, addresses]) => addresses.length > 0);
    if (wrong.length > 0) {
      throw new Error(`The split states are not the old one: ${shown(wrong)}`);
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
    const { hcl, varFiles, variablesFrom, workspace } = this.run.record;
    const proof = new Proof({
      project,
      settings,
      folder: this.run.proofFolder,
      varFiles,
      variablesFrom,
      workspace,
      signal,
    });
    try {
      for (const stack of stackIds) refuseTransientBlocks(stack, proof.stackFolder(stack));
      const old = this.run.required("backup/source");
      const next = { network: this.run.required("next/network"), app: this.run.required("next/app") };
      report("Planning network over a copy");
      const network = await proof.plan("network", next.network);
      const withOutputs = { ...next.network, outputs: plannedOutputs(network) };
      const oldPlan = hcl === undefined ? undefined : await this.planOld(proof, hcl, old);
      if (oldPlan !== undefined) {
        refuseMoves("old module's own plan", pendingMoves(oldPlan, "old module"));
      }
      this.refuseChanges("network", unexpectedChanges([network], oldPlan), old);
      proof.put("network", withOutputs);
      report("Planning app over a copy");
      const app = await proof.plan("app", next.app);
      this.refuseChanges("app", unexpectedChanges([app], oldPlan), old);
      refuseMoves(
        "plans",
        [network, app].flatMap((plan) => pendingMoves(plan)),
      );
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
    const next = this.run.required(`next/${stack}`);
    refuseChanges(stack, changes, { next, old, hasOldModule: this.run.record.hcl !== undefined });
  }

  private async pushNetwork(): Promise<void> {
    const { app, network } = await this.states.lookAtAll();
    if (network.found === "other") throw this.states.conflict("network");
    if (app.found !== "before") throw this.states.conflict("app");
    if (network.found === "after") return this.states.settle("network", network);
    this.options.report(`Writing ${this.states.places.network}`);
    await this.states.push("network", this.run.file("next/network"));
  }

  private async pushApp(): Promise<void> {
    const { app, network } = await this.states.lookAtAll();
    // Nothing is given up that is not safe elsewhere.
    if (network.found !== "after") throw this.states.conflict("network");
    if (app.found === "after") return this.states.settle("app", app);
    try {
      if (app.found === "other") throw this.states.conflict("app");
      this.options.report(`Writing ${this.states.places.app}`);
      await this.states.push("app", this.run.file("next/app"));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      this.options.report(`${error.message} Taking the network's state back`);
      await this.back();
      throw new UserError(`${error.message} Everything is as it was: start again when nobody else is writing.`);
    }
  }

  private async verify(): Promise<void> {
    const { app, network } = await this.states.lookAtAll();
    for (const [stack, look] of [
      ["network", network],
      ["app", app],
    ] as const) {
      if (look.found !== "after") throw this.states.conflict(stack);
    }
    const old = this.run.required("backup/source");
    const parts = [network.document, app.document].filter((document) => document !== undefined);
    const wrong = Object.values(inventoryDifference(old, parts)).flat();
    if (wrong.length > 0) throw new Error(`The written states are not the old one: ${listed(wrong)}`);
    if (app.document?.lineage !== old.lineage) throw new Error("The app's state has lost its lineage");
    this.run.update({ status: "split" });
  }

  /** @throws UserError where a state of before a split that has ended lies where the app's is: somebody has put it back */
  async refuseOldState(): Promise<void> {
    const { app } = this.states.places;
    const document = await app.pull(this.states.lookFile("app"));
    refusePutBack(document, new AddressOwners(this.options.claims), String(app), this.run.record.id);
  }

  /** Brings back what the run has written: `Rollback.back`. */
  back(): Promise<boolean> {
    return new Rollback(this.run, this.states, this.options.report).back();
  }
}
