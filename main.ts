import { loadSettings } from "./settings/load";
import { synthesizeStacks } from "./stacks/synthesize";

const { settings } = loadSettings();
synthesizeStacks(process.cwd(), settings);
