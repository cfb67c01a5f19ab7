import { App } from "cdktf";
import { loadSettings } from "./settings/load";
import { addStacks } from "./stacks";

const { settings } = loadSettings();
const root = new App();
addStacks(root, settings);
root.synth();
