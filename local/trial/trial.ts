/**
 * The whole of it on this machine, without an AWS account: a local AWS, both stacks applied to it by the real Terraform
 * and AWS provider, requests through Envoy with the tokens of the deployed user pool, and a second plan.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../lib/project";
import { report } from "../../lib/report";
import { settled } from "../../lib/settled";
import { splitStackIds } from "../../services/names";
import { lambdaFunctionsOf } from "../../settings/lambda-functions";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import type { Plan } from "../../terraform/plan";
import { pluginCache } from "../../terraform/plugin-cache";
import { requireTerraform } from "../../terraform/prerequisites";
import { toolName } from "../../terraform/tool";
import { type LocalAws, startLocalAws, without } from "../aws";
import type { Picture } from "../page/picture";
import { Deployment, deployedPool, synthesize, TerraformLog } from "./deployment";
import { keepRunning } from "./kept";
import { TrialPlace } from "./leftovers";
import { showRequestPath } from "./path/show";
import { sampleChange } from "./sample-change";
import { sampleVariables, tfVariables } from "./sample-variables";
import { type TrialResult, trialSummary } from "./summary";

const place = new TrialPlace(project);
const { folder } = place;

/** Settings that a trial overrides. */
const stacksOfTrial = {
  CRUDDUR_BACKEND_TYPE: "local",
  CRUDDUR_BACKEND_DIRECTORY: folder,
  CRUDDUR_PREVENT_DESTROY: "false",
  CRUDDUR_ALLOWED_ACCOUNT_IDS: "[]",
};

const started = Date.now();
/** A line of progress, with the seconds since the start. */
export function say(line: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(3);
  report(`${seconds} s  ${line}`);
}

export interface TrialOptions {
  /** Region of the local AWS. */
  readonly region: string;
  /** Whether it goes on when all was shown, told when it is asked for. */
  readonly isKept: () => Promise<boolean>;
  /** What a kept trial's page shows of the project. */
  readonly pages: {
    readonly picture: (settings: Settings) => Promise<Picture>;
    /** @returns the explained plan of a stack with these settings, as HTML */
    readonly explained: (stack: string, plan: Plan, settings: Settings) => Promise<string>;
  };
}

/** @throws UserError where no trial was kept */
export async function stopKept(): Promise<void> {
  const stopped = await place.stop();
  say(
    stopped === "kept"
      ? "The kept trial is stopped and its state removed"
      : "What a killed trial has left is ended and removed",
  );
}

/** @returns how it ended. @throws UserError where a trial is kept already, or can't be made */
export async function runTrial(options: TrialOptions, signal: AbortSignal): Promise<TrialResult> {
  const version = await requireTerraform();
  return place.whileAlone(() => runAlone(options, version, signal));
}

async function runAlone(
  { region, isKept, pages }: TrialOptions,
  version: string,
  signal: AbortSignal,
): Promise<TrialResult> {
  mkdirSync(folder, { mode: 0o700 });
  const { marker } = place;
  // Envoy and the authorizer inherit it, as the local AWS and Terraform get it.
  Object.assign(process.env, marker);
  let aws: LocalAws | undefined;
  let keepFolder = false;
  try {
    say("Starting the local AWS: moto, with a hosted zone and two Lambda functions");
    const { cruddur_dns_name: domain } = sampleVariables;
    const { settings } = loadSettings({ directory: project });
    const functionNames = Object.values(lambdaFunctionsOf(settings));
    aws = await startLocalAws({ project, region, domain, functionNames, marker, report: say, signal });
    const environment = {
      ...without(/^TF_VAR_/),
      ...aws.environment,
      ...tfVariables(),
      TF_PLUGIN_CACHE_DIR: pluginCache(project),
    };
    const log = new TerraformLog(project);
    const deployments = async (name: string, changes: NodeJS.ProcessEnv = {}) => {
      const output = join(folder, name);
      await synthesize(project, { CDKTF_OUTDIR: output, ...stacksOfTrial, ...changes });
      return splitStackIds.map(
        (stack) => new Deployment(stack, { folder: output, log, environment: { ...environment, ...marker }, signal }),
      ) as [network: Deployment, app: Deployment];
    };
    say("Synthesizing both stacks");
    const [network, app] = await deployments("cdktf.out");
    const added = new Map<string, number>();
    say(`Deploying network with ${toolName()} ${version}: the load balancer alone takes a minute (${log.name})`);
    await network.init();
    // While the provider waits for the load balancer.
    const [inNetwork] = await settled([network.apply(), app.init()]);
    added.set(network.stack, inNetwork);
    say("Deploying app: the database alone takes a minute");
    const pool = deployedPool(app, { endpoint: aws.endpoint, region });
    const shown = pool.then((deployed) => {
      say("The user pool is there: alice signs up, and sends requests through Envoy and the authorizer");
      return showRequestPath({ project, pool: deployed, settings, report: say, signal });
    });
    // While the provider waits for the database.
    const [inApp, path] = await settled([app.apply(), shown]);
    added.set(app.stack, inApp);
    say("Planning both stacks again");
    const replanned = await settled([network.planAgain(), app.planAgain()]);
    const result = { added, replanned, path, log: log.name };
    console.log(trialSummary(result));
    if (await isKept()) {
      say("Planning a sample change, to be looked at");
      const change = sampleChange(settings);
      const [, sample] = await deployments("sample-change", change.environment);
      await sample.init();
      const ending = await keepRunning({
        ...{ project, folder, aws, environment, pool: await pool, settings },
        ...{ envoyLog: path.envoyLog, notes: path.notShown, terraformLog: log.name, changed: change.setting },
        picture: await pages.picture(settings),
        change: await pages.explained(app.stack, await sample.planChange(), change.settings),
      });
      place.keep(aws.pid);
      keepFolder = true;
      say(`The local AWS keeps running at ${aws.endpoint} (process ${aws.pid})`);
      console.log(ending);
    }
    return result;
  } finally {
    if (!keepFolder) {
      await aws?.stop();
      rmSync(folder, { recursive: true, force: true });
      say("The local AWS is stopped and its state removed");
    }
  }
}
