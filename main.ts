import { App } from "cdktf";
import { AppAdditions } from "./additions/app";
import { NetworkAdditions } from "./additions/network";
import { servicesOf } from "./services";
import { loadSettings } from "./settings/load";
import { AppStack } from "./stacks/app";
import { NetworkStack } from "./stacks/network";

const { settings } = loadSettings();
const services = servicesOf(settings);
const cdktf = new App();

const network = new NetworkStack(cdktf, "network", { settings, services });
new NetworkAdditions(network);

const app = new AppStack(cdktf, "app", { settings, services, network });
new AppAdditions(app);

cdktf.synth();
