/** Builds the image of a repository and pushes it, under its content's hash and under the tag that is deployed. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { Command, InvalidArgumentError, Option } from "commander";
import { buildPush } from "../../images/build-push";
import { type BuiltImage, builtImage } from "../../images/built";
import { type BuildDeployment, imageDefinitions, isMissing } from "../../images/definitions";
import { requireRepository } from "../../images/ecr";
import { Engine, engineVariable } from "../../images/engine";
import { buildScripts, scriptPath } from "../../images/scripts";
import { stageContext, stagedName } from "../../images/stage";
import { report } from "../../lib/report";
import { shellCommand } from "../../lib/shell-words";
import { UserError } from "../../lib/user-error";
import { variableValues } from "../../lib/variable-values";
import { requireAllowedAccount } from "../../operations/account";
import { type AwsOptions, clientConfig, performOnAws, requireRegion, withAwsOptions } from "../../operations/aws";
import { ecrRegistry } from "../../services/images";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";

interface Options extends AwsOptions {
  readonly context?: string;
  readonly tag?: string[];
  readonly registry?: string;
  readonly engine?: string;
  readonly varFile: string[];
  readonly dryRun: boolean;
  readonly json: boolean;
}

const project = resolve(__dirname, "..", "..");
const calledFrom = process.cwd();
const [name = "", ...args] = process.argv.slice(2);
const script = buildScripts[name];
if (script === undefined)
  throw new UserError(`There is no image ${name}: give ${Object.keys(buildScripts).join(", ")}.`);
const { repository, setting } = script;

function tagName(tag: string, previous: string[] = []): string[] {
  // https://pkg.go.dev/github.com/distribution/reference#pkg-overview
  if (!/^\w[\w.-]{0,127}$/.test(tag)) {
    throw new InvalidArgumentError("Give a tag of letters, digits, _, . and -, at most 128, such as pr-12.");
  }
  return [...previous, tag];
}

const command = withAwsOptions(
  new Command(scriptPath(name))
    .description(
      `Builds the image of ${repository} and pushes it to ECR: under a hash of its content, and under the tag that the deployed task definition names, so that bin/ecs/redeploy picks it up.`,
    )
    .option("--tag <tag>", "push under this tag in place of the deployed one; the hash stays (repeatable)", tagName)
    .option("--registry <host>", "push to another registry than ECR (default: the setting images.registry)")
    .option("--engine <command>", `docker, podman or the like (default: ${engineVariable}, else the first found)`)
    .option("--dry-run", "prepare the context, and print the engine's commands instead of running them", false)
    .option("--json", "as JSON: {repository, tag, images, commands, pushed}", false),
);
if (setting !== undefined) {
  command.option("--context <dir>", `folder of the Dockerfile (default: the setting images.${setting})`);
}
const files = new Option("--var-file <file...>", "values for the Terraform variables of the build arguments");
command.addOption(repository === "frontend-react-js" ? files.default([]) : files.default([]).hideHelp());

function settingsWith(context: string | undefined): Settings {
  const { settings } = loadSettings({ directory: project });
  if (context === undefined || setting === undefined) return settings;
  return { ...settings, images: { ...settings.images, [setting]: resolve(calledFrom, context) } };
}

function imageOf(settings: Settings): BuiltImage {
  const definition = imageDefinitions(project, settings).find((image) => image.repository === repository);
  if (definition === undefined || isMissing(definition)) {
    throw new UserError(
      `The folder of the image ${repository} is not known: give --context DIR, or set images.${setting} in the settings.`,
    );
  }
  return builtImage(definition, settings);
}

/** What the build arguments are made of. */
async function deploymentOf(image: BuiltImage, { varFile, ...aws }: Options): Promise<BuildDeployment | undefined> {
  if (image.buildArguments === undefined) return undefined;
  const names = ["cruddur_dns_name", "cognito_user_pool_id", "cognito_user_pool_client_id"] as const;
  const values = await variableValues(
    names,
    varFile.map((file) => resolve(calledFrom, file)),
  );
  const value = (variable: (typeof names)[number]) => {
    const found = values[variable];
    if (found !== undefined) return found;
    throw new UserError(
      `The build of ${repository} needs the variable ${variable}: give --var-file FILE, or TF_VAR_${variable}.`,
    );
  };
  return {
    domain: value("cruddur_dns_name"),
    userPoolId: value("cognito_user_pool_id"),
    userPoolClientId: value("cognito_user_pool_client_id"),
    region: await requireRegion(clientConfig(aws)),
  };
}

/** The account's ECR, where the repository must be there already. */
async function ownRegistry(settings: Settings, options: Options): Promise<string> {
  const config = clientConfig(options);
  const region = await requireRegion(config);
  const registry = ecrRegistry(await requireAllowedAccount(config, settings), region);
  await requireRepository(new ECRClient(config), repository, registry);
  return registry;
}

/** The context as it was hashed. One of each image is kept, for the commands of a dry run. */
function staged(image: BuiltImage): string {
  const folder = join(project, ".cache", "contexts");
  mkdirSync(folder, { recursive: true });
  const own = stagedName(image);
  for (const old of readdirSync(folder)) {
    if (old !== own && old.replace(/-[0-9a-f]{16}(\.\d+)?$/, "") === repository) {
      rmSync(join(folder, old), { recursive: true, force: true });
    }
  }
  stageContext(image, join(folder, own));
  return join(folder, own);
}

async function main(): Promise<void> {
  const options = command.parse(args, { from: "user" }).opts<Options>();
  process.chdir(project);
  const settings = settingsWith(options.context);
  const image = imageOf(settings);
  const deployment = await deploymentOf(image, options);
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interruption.abort());
  const engine = await Engine.find(options.engine, report, interruption.signal);
  const registry = options.registry ?? settings.images.registry ?? (await ownRegistry(settings, options));
  const tags = options.tag ?? (image.deployedTag === undefined ? [] : [image.deployedTag]);
  const { build, images, pushes, tag } = buildPush({ image, folder: staged(image), registry, deployment, tags });
  const commands = [build, ...pushes].map((words) => shellCommand([engine.command, ...words]));
  if (!options.dryRun) {
    report(`Building ${images[0]}`);
    await engine.run(build, registry);
    for (const [index, push] of pushes.entries()) {
      report(`Pushing ${images[index]}`);
      await engine.run(push, registry);
    }
  }
  const result = { repository, tag, images, commands, pushed: !options.dryRun };
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else console.log((options.dryRun ? commands : images.map((one) => `Pushed ${one}`)).join("\n"));
}

performOnAws(main);
