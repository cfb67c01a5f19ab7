import type { App } from "cdktf";
import { AppAdditions } from "../additions/app";
import { NetworkAdditions } from "../additions/network";
import { servicesOf } from "../services";
import type { Settings } from "../settings/schema";
import { AppStack } from "./app";
import { NetworkStack } from "./network";

export interface Stacks {
  readonly network: NetworkStack;
  readonly app: AppStack;
}

/** Every stack with the team's additions, in the order in which they are deployed. */
export function addStacks(root: App, settings: Settings): Stacks {
  const services = servicesOf(settings);

  const network = new NetworkStack(root, "network", { settings, services });
  new NetworkAdditions(network);

  const app = new AppStack(root, "app", { settings, services, network });
  new AppAdditions(app);

  return { network, app };
}
