import { join } from "node:path";
import { App } from "cdktf";
import { installProviderLock } from "./lib/provider-lock";
import { loadSettings } from "./settings/load";
import { addStacks } from "./stacks";

const { settings } = loadSettings();
const root = new App();
const stacks = addStacks(root, settings);
root.synth();

const folders = Object.values(stacks).map(({ node }) => join(root.outdir, "stacks", node.id));
installProviderLock(process.cwd(), folders);
