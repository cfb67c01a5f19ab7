/** What the environment says of which state is meant: https://developer.hashicorp.com/terraform/cli/config/environment-variables */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shown, UserError } from "../lib/user-error";

/** Terraform's name of the workspace that every backend begins with. */
export const firstWorkspace = "default";

const argumentsThatName = ["state", "state-out", "backend-config"];

/**
 * Arguments that name a state, as `TF_CLI_ARGS_plan="-state=other.tfstate"` does, can't be honoured.
 * @param names of the arguments
 * @throws UserError that names the variable, and nothing of its value but the argument
 */
export function refuseStateArguments(environment: NodeJS.ProcessEnv, names: readonly string[]): void {
  for (const [name, value = ""] of Object.entries(environment)) {
    if (!/^TF_CLI_ARGS(_|$)/.test(name)) continue;
    const words = value.split(/[\s"']+/).map((word) => /^--?([a-z-]+)(=|$)/.exec(word)?.[1]);
    const argument = names.find((one) => words.includes(one));
    if (argument === undefined) continue;
    throw new UserError(
      `${name} has -${argument}, which names a state, and is not passed to Terraform here: unset it, and name the state by the settings or --from.`,
    );
  }
}

/** The workspace that TF_WORKSPACE selects; undefined where it selects none but the first. */
export function environmentWorkspace(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { TF_WORKSPACE: workspace = "" } = environment;
  return workspace === "" || workspace === firstWorkspace ? undefined : workspace;
}

/**
 * The stacks have one state each.
 * @param folders of the synthesized stacks, where `terraform workspace select` may have been run
 * @throws UserError where the environment or a folder means another one
 */
export function refuseOtherStates(environment: NodeJS.ProcessEnv = process.env, folders: readonly string[] = []): void {
  refuseStateArguments(environment, argumentsThatName);
  const workspace = environmentWorkspace(environment);
  if (workspace !== undefined) throw new UserError(`TF_WORKSPACE is ${shown(workspace)}, ${noWorkspaces} unset it.`);
  for (const folder of folders) {
    const file = join(folder, ".terraform", "environment");
    const selected = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
    if (selected === "" || selected === firstWorkspace) continue;
    throw new UserError(
      `The workspace ${shown(selected)} is selected in ${folder}, ${noWorkspaces} run "terraform -chdir=${folder} workspace select ${firstWorkspace}".`,
    );
  }
}

const noWorkspaces =
  "and the stacks have none but the first: give its states keys of their own (the setting backend.keys), and";
