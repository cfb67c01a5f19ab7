/**
 * The whole of it on this machine, without an AWS account: a local AWS, both stacks applied to it by the real Terraform
 * and AWS provider, their outputs, and a second plan.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { changedOutputs, plannedChanges } from "../lib/plan-changes";
import { pluginCache } from "../lib/plugin-cache";
import { requireTerraform } from "../lib/prerequisites";
import { runProcess } from "../lib/run-process";
import { Terraform } from "../lib/terraform";
import { UserError } from "../lib/user-error";
import { type LocalAws, startLocalAws } from "../local-aws";
import { isMotoGap } from "../local-aws/gaps";
import { loadSettings } from "../settings/load";
import { sampleVariables, tfVariables } from "./sample-variables";

const project = process.cwd();
const folder = join(project, ".trial");
const keptFile = join(folder, "local-aws.json");
const stacks = ["network", "app"] as const;

const started = Date.now();
function say(line: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(3);
  console.log(`${seconds} s  ${line}`);
}

interface TrialOptions {
  readonly keep: boolean;
  readonly stop: boolean;
  readonly region: string;
}

function stopKept(): void {
  if (!existsSync(keptFile)) throw new UserError("No trial was kept: there is nothing to stop.");
  const { pid } = JSON.parse(readFileSync(keptFile, "utf8"));
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself: with a restart of the machine, say.
  }
  rmSync(folder, { recursive: true, force: true });
  say("The kept trial is stopped and its state removed");
}

async function synthesize(environment: NodeJS.ProcessEnv): Promise<void> {
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, [join("tools", "run.mjs"), "main.ts"], {
    cwd: project,
    environment: { ...process.env, ...environment },
  });
  if (exitCode !== 0) throw new UserError(`The stacks could not be synthesized:\n${(stderr || stdout).trim()}`);
}

async function deploy(stack: string, terraform: Terraform): Promise<void> {
  say(`${stack}: terraform init`);
  await terraform.init();
  say(`${stack}: terraform apply`);
  await terraform.apply();
}

/** Shows what a second plan would change. @returns whether that is nothing but what moto forgets */
async function planAgain(stack: string, terraform: Terraform): Promise<boolean> {
  const plan = await terraform.plan();
  const changes = plannedChanges(plan);
  const outputs = changedOutputs(plan);
  const gaps = changes.filter(isMotoGap);
  const others = changes.filter((change) => !isMotoGap(change));
  for (const { address, actions, attributes } of others) {
    say(`${stack}: ${actions.join(" and ")} ${address}: ${attributes.map(({ path }) => path).join(", ")}`);
  }
  if (outputs.length > 0) say(`${stack}: changed outputs: ${outputs.join(", ")}`);
  if (others.length > 0 || outputs.length > 0) return false;
  if (gaps.length === 0) say(`${stack}: no changes`);
  for (const { address, attributes } of gaps) {
    say(`${stack}: no changes but what moto forgets: ${address}: ${attributes.map(({ path }) => path).join(", ")}`);
  }
  return true;
}

async function run({ keep, region }: TrialOptions, signal: AbortSignal): Promise<boolean> {
  if (existsSync(keptFile)) throw new UserError("A trial was kept: stop it first with `npm run trial -- --stop`.");
  const version = await requireTerraform();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  let aws: LocalAws | undefined;
  let keepFolder = false;
  try {
    say("Starting the local AWS: moto, with a hosted zone and two Lambda functions");
    const { cruddur_dns_name: domain } = sampleVariables;
    const functionNames = Object.values(loadSettings().settings.lambdaFunctions);
    aws = await startLocalAws({ project, region, domain, functionNames, detached: keep, report: say, signal });
    const environment = { ...aws.environment, ...tfVariables(), TF_PLUGIN_CACHE_DIR: pluginCache(project) };
    say("Synthesizing both stacks");
    await synthesize({
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
      CRUDDUR_BACKEND_TYPE: "local",
      CRUDDUR_BACKEND_DIRECTORY: folder,
      CRUDDUR_PREVENT_DESTROY: "false",
      CRUDDUR_ALLOWED_ACCOUNT_IDS: "[]",
    });
    say(`Deploying with Terraform ${version}; the database alone takes a minute`);
    const onLine = (line: string) => {
      if (/^\S+: (Creation complete|Still creating)|^Apply complete/.test(line)) say(`  ${line}`);
    };
    const terraforms = stacks.map((stack) => {
      const directory = join(folder, "cdktf.out", "stacks", stack);
      return [stack, new Terraform(directory, { environment, onLine, signal })] as const;
    });
    for (const [stack, terraform] of terraforms) await deploy(stack, terraform);
    for (const [stack, terraform] of terraforms) {
      say(`${stack}: outputs`);
      for (const [name, { value }] of Object.entries(await terraform.outputs())) {
        console.log(`         ${name} = ${JSON.stringify(value)}`);
      }
    }
    say("Planning both stacks again");
    let clean = true;
    for (const [stack, terraform] of terraforms) clean = (await planAgain(stack, terraform)) && clean;
    if (keep) {
      keepFolder = true;
      writeFileSync(keptFile, JSON.stringify({ pid: aws.pid }));
      explainKept(aws, environment);
    }
    return clean;
  } finally {
    if (!keepFolder) {
      await aws?.stop();
      rmSync(folder, { recursive: true, force: true });
      say("The local AWS is stopped and its state removed");
    }
  }
}

function explainKept(aws: LocalAws, environment: Readonly<Record<string, string>>): void {
  const file = join(folder, "environment.sh");
  const quoted = Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  writeFileSync(file, `${quoted.join("\n")}\n`, { mode: 0o600 });
  say(`The local AWS goes on at ${aws.endpoint} (process ${aws.pid}). Look around with:`);
  console.log("         . .trial/environment.sh");
  console.log("         terraform -chdir=.trial/cdktf.out/stacks/app plan");
  console.log("         npm run trial -- --stop");
}

async function main(): Promise<void> {
  const options = new Command("npm run trial --")
    .description("Deploys both stacks to a local AWS (moto) with the real Terraform and AWS provider. No AWS account.")
    .option("--keep", "leave the local AWS and the states for looking around", false)
    .option("--stop", "stop a trial that was kept", false)
    .option("--region <region>", "region of the local AWS", process.env.AWS_REGION ?? "us-east-1")
    .parse()
    .opts<TrialOptions>();
  if (options.stop) {
    stopKept();
    return;
  }
  const interruption = new AbortController();
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!interrupted) say("Interrupted: stopping what was started");
      interrupted = true;
      interruption.abort();
    });
  }
  try {
    process.exitCode = (await run(options, interruption.signal)) ? 0 : 1;
  } catch (error) {
    if (!interrupted) throw error;
    process.exitCode = 130;
  }
}

main();
