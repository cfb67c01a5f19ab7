/** A deployed system that is hardened step by step, by the real Terraform and AWS provider over a local AWS. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { motoGaps } from "../../local/aws/gaps";
import { tfVariables } from "../../local/trial/sample-variables";
import { type PlannedStack, Planning } from "../../operations/deploy/planning";
import type { Explanation } from "../../operations/explain/explained";
import { explanation } from "../../operations/explain/explanation";
import { settingsSchema } from "../../settings/schema";
import { synthesizeStacks } from "../../stacks/synthesize";
import { pluginCache } from "../../terraform/plugin-cache";
import { Terraform } from "../../terraform/terraform";
import { deployedSystem } from "./aws/deployed";
import { project } from "./project";

export interface Planned {
  readonly stacks: readonly PlannedStack[];
  readonly explanation: Explanation;
  /** What is done to which type, sorted; of an update and a revision, to which arguments: `aws_lb update idle_timeout`. */
  readonly actions: readonly string[];
}

export interface HardenedSystem {
  readonly aws: Awaited<ReturnType<typeof deployedSystem>>["aws"];
  /** Plans both stacks with these settings, from what is deployed. */
  plan(settings: object): Promise<Planned>;
  /** Applies both stacks with these settings. */
  deploy(settings: object): Promise<void>;
  end(): Promise<void>;
}

/** What the local AWS forgets of each service, setting or not. */
const forgotten = Object.entries(motoGaps).flatMap(([type, gaps]) => gaps.map(({ path }) => `${type} ${path}`));

function actionsOf({ changes }: Explanation): readonly string[] {
  const told = changes.flatMap(({ type, action, attributes }) => {
    const paths = attributes.map(({ path }) => path.replace(/[.[].*/, ""));
    const lasting = [...new Set(paths)].filter((path) => !forgotten.includes(`${type} ${path}`)).sort();
    if (action === "update" && lasting.length === 0) return [];
    return [[type, action, ...(action === "update" ? lasting : [])].join(" ")];
  });
  return [...new Set(told)].sort();
}

export async function hardenedSystem(): Promise<HardenedSystem> {
  const system = await deployedSystem();
  const folder = mkdtempSync(join(tmpdir(), "hardened-"));
  system.writeStates(folder);
  const environment = {
    ...system.aws.environment,
    ...tfVariables(system.variables),
    TF_PLUGIN_CACHE_DIR: pluginCache(project),
  };
  const stacksOf = (settings: object) =>
    synthesizeStacks(
      project,
      settingsSchema.parse({ backend: { directory: folder }, ...settings }),
      join(folder, "cdktf.out"),
    );
  const plan = async (settings: object): Promise<Planned> => {
    const before = { ...process.env };
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    const planning = new Planning({ varFiles: [] });
    try {
      const stacks = await planning.planAll(stacksOf(settings));
      const explained = explanation(stacks.map(({ id, plan: one }) => ({ name: id, plan: one })));
      return { stacks, explanation: explained, actions: actionsOf(explained) };
    } finally {
      planning.close();
      process.env = before;
    }
  };
  const deploy = async (settings: object): Promise<void> => {
    for (const { folder: directory } of stacksOf(settings)) {
      const terraform = new Terraform(directory, { environment });
      await terraform.init();
      await terraform.apply();
    }
  };
  return {
    aws: system.aws,
    plan,
    deploy,
    end: async () => {
      await system.aws.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
