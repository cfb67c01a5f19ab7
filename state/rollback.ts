/** The way back of a split. The app's state is whole before the network's is emptied. */
import { listed } from "../lib/listed";
import { UserError } from "../lib/user-error";
import { isEmptyState, type StateDocument } from "./document";
import { notWithin } from "./inventory";
import { ConflictError } from "./place";
import type { Run } from "./run";
import type { RunStates } from "./run-states";
import type { StackId } from "./split-state";

export class Rollback {
  constructor(
    private readonly run: Run,
    private readonly states: RunStates,
    private readonly report: (line: string) => void,
  ) {}

  /**
   * Brings back what the run has written, whichever that is.
   * @returns whether it had written anything
   * @throws UserError where it had not, and another run's split stands there: that one is not taken back
   */
  async back(): Promise<boolean> {
    const hasWritten = this.run.hasWritten;
    if (!hasWritten) await this.refuseOthersSplit();
    this.run.update({ direction: "back" });
    if (hasWritten) {
      const { app, network } = await this.states.lookAtAll();
      if (network.found === "other") throw this.states.conflict("network");
      if (app.found === "other") this.requireNetworkWithin(app.document, "app");
      if (app.found === "after") {
        this.report(`Restoring ${this.states.places.app}`);
        const original = this.states.inPlace
          ? this.run.required("backup/source")
          : { ...this.run.required("next/app"), outputs: {}, resources: [] };
        this.run.keep("back/app", { ...original, serial: (app.document?.serial ?? 0) + 1 });
        await this.states.push("app", this.run.file("back/app"));
      } else {
        await this.states.settle("app", app);
      }
      if (network.found === "after" && network.document !== undefined) {
        const holder = this.states.inPlace ? this.states.places.app : this.states.places.source;
        this.requireNetworkWithin(await holder.pull(this.states.lookFile("holder")), "app");
        this.report(`Emptying ${this.states.places.network}`);
        const { document } = network;
        this.run.keep("back/network", { ...document, outputs: {}, resources: [], serial: document.serial + 1 });
        await this.states.push("network", this.run.file("back/network"));
      } else {
        await this.states.settle("network", network);
      }
      const after = await this.states.lookAtAll();
      if (after.network.found !== "before") throw this.states.conflict("network");
      if (after.app.found === "after") throw this.states.conflict("app");
    }
    this.run.update({ status: "rolled back", pushing: undefined });
    return hasWritten;
  }

  private async refuseOthersSplit(): Promise<void> {
    const { network } = this.states.places;
    if (isEmptyState(await network.pull(this.states.lookFile("network")))) return;
    const { id } = this.run.record;
    const other = this.run.siblings().find((one) => one.hasWritten && one.record.status !== "rolled back");
    throw new UserError(
      `The run ${id} has written nothing, so there is nothing to roll back. The resources in the state at ${network} are ${other === undefined ? "of no run that is recorded here" : `of the run ${other.record.id}: bin/state/rollback ${other.record.id} rolls that one back`}.`,
    );
  }

  /** The network's instances are given up only where another state has every one of them. */
  private requireNetworkWithin(document: StateDocument | undefined, stack: StackId): void {
    const missing = document === undefined ? ["everything"] : notWithin(this.run.required("next/network"), document);
    if (missing.length === 0) return;
    throw new ConflictError(
      `Somebody else has written the state at ${this.states.places[stack]} since, and it lacks or changes ${listed(missing)}: nothing is rolled back. The original is ${this.run.file("backup/source")}.`,
    );
  }
}
