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
  /** Applies both stacks with these settings, the network first. */
  deploy(settings: object, order?: readonly string[]): Promise<void>;
  /** Plans each stack with these settings, whose outputs are deployed. @returns the files of the plans as JSON */
  planFiles(settings: object): Promise<string[]>;
  end(): Promise<void>;
}

/** What the local AWS forgets of each service, setting or not. */
const forgotten = [
  ...Object.entries(motoGaps).flatMap(([type, gaps]) => gaps.map(({ path }) => `${type} ${path}`)),
  "aws_db_instance performance_insights_enabled",
  // How they are applied, which the argument says of each.
  "aws_db_parameter_group parameter",
];

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
  const initialized = async (directory: string): Promise<Terraform> => {
    const terraform = new Terraform(directory, { environment });
    await terraform.init();
    return terraform;
  };
  const deploy = async (settings: object, order: readonly string[] = ["network", "app"]): Promise<void> => {
    const stacks = new Map(stacksOf(settings).map(({ id, folder: directory }) => [id, directory]));
    for (const id of order) await (await initialized(stacks.get(id) ?? "")).apply();
  };
  const planFiles = async (settings: object): Promise<string[]> => {
    const files: string[] = [];
    for (const { id, folder: directory } of stacksOf(settings)) {
      const terraform = await initialized(directory);
      const planned = await terraform.attempt("plan", "-input=false", "-no-color", "-out=scanned.plan");
      if (planned.exitCode !== 0) throw new Error(planned.stderr);
      const file = join(folder, `${id}.json`);
      await terraform.attemptInto(file, "show", "-json", "-no-color", "scanned.plan");
      files.push(file);
    }
    return files;
  };
  return {
    aws: system.aws,
    plan,
    deploy,
    planFiles,
    end: async () => {
      await system.aws.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
