/** The stacks as they are synthesized with the settings, and what is known of their expressions, for the commands that compare. */
import { project } from "../../lib/project";
import { accountId } from "../../operations/account";
import { requireRegion } from "../../operations/aws";
import { inOrder } from "../../operations/ecs/project-services";
import {
  anything,
  type KnownValues,
  type SynthesizedService,
  SynthesizedServices,
} from "../../operations/ecs/synthesized-services";
import { synthesizedJson } from "../../stacks/synthesize";
import { SynthesizedStacks } from "../../terraform/synthesized";
import { variableValues } from "../../terraform/variable-values";
import { type VarFileOption, variableFiles } from "../shared/options";
import type { EcsSession } from "./session";

export interface Synthesized {
  readonly stacks: SynthesizedStacks;
  readonly services: SynthesizedServices;
  readonly known: KnownValues;
}

/** @returns the stacks with what is known of them: account, region, and the variables that aren't marked sensitive */
export async function synthesized({ config, settings }: EcsSession, options: VarFileOption): Promise<Synthesized> {
  const stacks = new SynthesizedStacks(synthesizedJson(project, settings));
  const given = await variableValues(plainVariables(stacks), variableFiles(options, settings));
  const known = {
    accountId: await accountId(config),
    region: await requireRegion(config),
    variables: { ...defaultsOf(stacks), ...given },
  };
  return { stacks, services: new SynthesizedServices(stacks, known), known };
}

/** The services of the stacks by what the stacks alone say: enough for their names. */
export function synthesizedServices({ settings, declared }: EcsSession): SynthesizedService[] {
  const stacks = new SynthesizedStacks(synthesizedJson(project, settings));
  const nowhere = { accountId: anything, region: anything };
  return inOrder(new SynthesizedServices(stacks, { ...nowhere, variables: defaultsOf(stacks) }).all(), declared);
}

/** Names of the variables that hold a text or a number, and no secret. */
function plainVariables(stacks: SynthesizedStacks): string[] {
  return Object.entries(stacks.variables()).flatMap(([name, { type = "string", sensitive }]) =>
    sensitive !== true && /^(string|number|bool)$/.test(String(type)) ? [name] : [],
  );
}

function defaultsOf(stacks: SynthesizedStacks): Record<string, string> {
  const all = stacks.variables();
  const set = plainVariables(stacks).filter((name) => (all[name]?.default ?? null) !== null);
  return Object.fromEntries(set.map((name) => [name, String(all[name]?.default)]));
}
