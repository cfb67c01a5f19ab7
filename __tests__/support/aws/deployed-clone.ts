import { pluginCache } from "../../../terraform/plugin-cache";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { project } from "../project";
import { type Deployed, deployedSystem } from "./deployed";

export interface DeployedClone {
  readonly system: Deployed;
  /** With the states of the deployed system. */
  readonly clone: Clone;
  /** Of a user's shell that reaches it. */
  readonly environment: NodeJS.ProcessEnv;
  end(): Promise<void>;
}

/** A team's clone of the project over a deployed system of its own. */
export async function deployedClone(): Promise<DeployedClone> {
  const system = await deployedSystem();
  const clone = cloneProject(project);
  system.writeStates(clone.folder);
  const { PATH, HOME, TF_CLI_CONFIG_FILE } = process.env;
  return {
    system,
    clone,
    environment: {
      PATH,
      HOME,
      TF_CLI_CONFIG_FILE,
      TF_PLUGIN_CACHE_DIR: pluginCache(project),
      ...system.aws.environment,
    },
    end: async () => {
      await system.aws.stop();
      clone.remove();
    },
  };
}
