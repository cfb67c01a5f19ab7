import type { App } from "cdktf";
import { AppAdditions } from "../additions/app";
import { NetworkAdditions } from "../additions/network";
import { servicesOf } from "../services";
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

/** Every stack with the team's additions, in the order in which they are deployed. */
export function addStacks(root: App, settings: Settings): Stacks {
  const services = servicesOf(settings);
  const { enabled, deploy } = settings.images;
  // By require: what hashes contexts and knows Docker is loaded where it is asked for, and by no other synth.
  const images =
    enabled || deploy === "hash"
      ? (require("../images/built") as typeof import("../images/built")).allImages(process.cwd(), settings)
      : undefined;

  const network = new NetworkStack(root, "network", { settings, services });
  new NetworkAdditions(network);

  const app = new AppStack(root, "app", {
    settings,
    services,
    network,
    images: deploy === "hash" ? images?.built : undefined,
  });
  new AppAdditions(app);

  if (!enabled || images === undefined) return { network, app };
  const { ImagesStack } = require("./images") as typeof import("./images");
  return { network, app, images: new ImagesStack(root, "images", { settings, images }) };
}
