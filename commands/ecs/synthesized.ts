/** The stacks as they are synthesized with the settings, and what is known of their expressions, for the commands that compare. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { SynthesizedStacks } from "../../diagram/synthesized";
import { variableValues } from "../../lib/variable-values";
import { accountId } from "../../operations/account";
import { requireRegion } from "../../operations/aws";
import { type KnownValues, SynthesizedServices } from "../../operations/ecs/synthesized-services";
import { synthesizedJson } from "../../stacks/synthesize";
import type { EcsSession } from "./session";

export interface VariableOptions {
  readonly varFile: readonly string[];
}

export function withVariableOptions(command: Command): Command {
  return command.addOption(
    new Option("--var-file <file...>", "values for the Terraform variables (default: TF_VAR_…)").default([]),
  );
}

export interface Synthesized {
  readonly stacks: SynthesizedStacks;
  readonly services: SynthesizedServices;
  readonly known: KnownValues;
}

export async function synthesized(
  { config, settings }: EcsSession,
  { varFile }: VariableOptions,
  calledFrom: string,
): Promise<Synthesized> {
  const project = resolve(__dirname, "..", "..");
  const files = varFile.map((file) => resolve(calledFrom, file));
  const known = {
    accountId: await accountId(config),
    region: await requireRegion(config),
    variables: await variableValues(["cruddur_dns_name", "cognito_user_pool_id", "cognito_user_pool_client_id"], files),
  };
  process.chdir(project);
  const stacks = new SynthesizedStacks(synthesizedJson(project, settings));
  return { stacks, services: new SynthesizedServices(stacks, known), known };
}
