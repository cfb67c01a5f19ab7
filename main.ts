import { diskUserError } from "./lib/disk-error";
import { project } from "./lib/project";
import { loadSettings } from "./settings/load";
import { synthesizeStacks } from "./stacks/synthesize";

const { settings } = loadSettings({ directory: project });
try {
  synthesizeStacks(project, settings);
} catch (error) {
  throw diskUserError(error) ?? error;
}
