import type { App } from "cdktf";
import { AppAdditions } from "../additions/app";
import { NetworkAdditions } from "../additions/network";
import { servicesOf } from "../services";
import { stackIds } from "../services/names";
import { takenSteps } from "../settings/hardening";
import type { Settings } from "../settings/schema";
import { AppStack } from "./app";
import type { ImagesStack } from "./images";
import { NetworkStack } from "./network";

export interface Stacks {
  readonly network: NetworkStack;
  readonly app: AppStack;
  /** There where the settings switch it on. */
  readonly images?: ImagesStack;
}

/**
 * Every stack with the team's additions, in the order in which they are deployed.
 * @param project folder of the project, from which relative folders of the settings count
 */
export function addStacks(root: App, project: string, settings: Settings): Stacks {
  const services = servicesOf(settings);
  const { enabled, deploy } = settings.images;
  // By require: what hashes contexts and knows Docker is loaded where it is asked for, and by no other synth.
  const images =
    enabled || deploy === "hash"
      ? (require("../images/built") as typeof import("../images/built")).allImages(project, settings)
      : undefined;

  const network = new NetworkStack(root, stackIds.network, { project, settings, services });
  const app = new AppStack(root, stackIds.app, {
    project,
    settings,
    services,
    network,
    images: deploy === "hash" ? images?.built : undefined,
  });
  withHardening({ network, app, settings }, () => {
    new NetworkAdditions(network);
    new AppAdditions(app);
  });

  if (!enabled || images === undefined) return { network, app };
  const { ImagesStack } = require("./images") as typeof import("./images");
  return { network, app, images: new ImagesStack(root, stackIds.images, { project, settings, images }) };
}

/**
 * Takes the hardening steps of the settings, then makes a team's additions, which have the last word, then asks whether a step
 * would be an outage with all that.
 * @throws UserError where one would
 */
export function withHardening(stacks: Omit<Stacks, "images"> & { readonly settings: Settings }, add: () => void): void {
  if (takenSteps(stacks.settings.hardening).length === 0) {
    add();
    return;
  }
  const { harden, refuseOutages } = require("../hardening") as typeof import("../hardening");
  harden(stacks);
  add();
  refuseOutages(stacks);
}
