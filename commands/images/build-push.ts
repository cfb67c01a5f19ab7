/** Builds an image and pushes it, under its content's hash and under the tag that is deployed. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { InvalidArgumentError } from "commander";
import { type BuildPush, buildPush, copyPush } from "../../images/build-push";
import { type BuiltImage, builtImage } from "../../images/built";
import type { BuildDeployment } from "../../images/definitions";
import { requireRepository } from "../../images/ecr";
import { Engine, engineVariable } from "../../images/engine";
import { namedImage, repositoryOf } from "../../images/named";
import { buildNotes } from "../../images/notes";
import { isOlderStage, stageContext, stagedName } from "../../images/stage";
import { interruptedBy } from "../../lib/interruption";
import { fromCaller, project } from "../../lib/project";
import { report } from "../../lib/report";
import { shellCommand } from "../../lib/shell-words";
import { UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import { type AwsOptions, clientConfig, requireRegion } from "../../operations/aws";
import { awsNamesOf, hostsDomain, repositoryPrefix } from "../../services/aws-names";
import { imageTable } from "../../services/image-table";
import { ecrRegistry, registryHost } from "../../services/images";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import { variableValues } from "../../terraform/variable-values";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import {
  type JsonOption,
  listOption,
  type VarFileOption,
  varFileFlags,
  variableFiles,
  withJson,
} from "../shared/options";

interface Options extends AwsOptions, VarFileOption, JsonOption {
  readonly context?: string;
  readonly tag: readonly string[];
  readonly registry?: string;
  readonly engine?: string;
  readonly dryRun: boolean;
}

function tagName(tag: string): string {
  // https://pkg.go.dev/github.com/distribution/reference#pkg-overview
  if (!/^\w[\w.-]{0,127}$/.test(tag)) {
    throw new InvalidArgumentError("Give a tag of letters, digits, _, . and -, at most 128, such as pr-12.");
  }
  return tag;
}

const described = imageTable.map(({ repository, shortName }) =>
  shortName === undefined ? repository : `${repository} (or ${shortName})`,
);
const command = withAwsOptions(
  withJson(
    newCommand(
      "bin/build-push",
      "Builds an image and pushes it to ECR: under a hash of its content, and under the tag that the deployed task definition names, so that bin/ecs/redeploy picks it up.",
    )
      .argument(
        "<image>",
        `repository of the image: ${described.join(", ")}, or that of a service in additions/services.ts`,
      )
      .option(
        "--context <dir>",
        "folder of the Dockerfile, for an image of your checkout (default: the one that settings or service name)",
      )
      .addOption(
        listOption("--tag <tag>", "push under this tag in place of the deployed one; the hash stays", {
          parse: tagName,
        }),
      )
      .addOption(
        listOption(varFileFlags, "file with values for the Terraform variables of the frontend's build arguments", {
          otherwise: "the setting variableFiles",
        }),
      )
      .option("--registry <host>", "push to another registry than ECR (default: the setting images.registry)")
      .option(
        "--engine <command>",
        `docker, podman, or a command with the same arguments (default: ${engineVariable}, else the first found)`,
      )
      .option("--dry-run", "prepare the context, and print the engine's commands instead of running them", false),
    "{repository, tag, images, commands, pushed}",
  ),
);

/** What the build arguments are made of. */
async function deploymentOf(
  image: BuiltImage,
  settings: Settings,
  options: Options,
): Promise<BuildDeployment | undefined> {
  if (image.buildArguments === undefined) return undefined;
  const names = ["cruddur_dns_name", "cognito_user_pool_id", "cognito_user_pool_client_id"] as const;
  const values = await variableValues(names, variableFiles(options, settings));
  const value = (variable: (typeof names)[number]) => {
    const found = values[variable];
    if (found !== undefined) return found;
    throw new UserError(
      `The build of ${image.repository} needs the variable ${variable}: give --var-file FILE, or TF_VAR_${variable}.`,
    );
  };
  return {
    domain: hostsDomain(value("cruddur_dns_name"), settings),
    userPoolId: value("cognito_user_pool_id"),
    userPoolClientId: value("cognito_user_pool_client_id"),
    region: await requireRegion(clientConfig(options)),
  };
}

/** The account's ECR, where the repository must be there already. */
async function ownRegistry(repository: string, settings: Settings, options: Options): Promise<string> {
  const config = clientConfig(options);
  const region = await requireRegion(config);
  const registry = ecrRegistry(await requireAllowedAccount(config, settings), region);
  await requireRepository(new ECRClient(config), awsNamesOf(settings.environment).repository(repository), registry);
  return registry;
}

/** The context as it was hashed. One of each image is kept, for the commands of a dry run. */
function staged(image: BuiltImage): string {
  const folder = join(project, ".cache", "contexts");
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) {
    if (isOlderStage(old, image)) rmSync(join(folder, old), { recursive: true, force: true });
  }
  const own = stagedName(image);
  stageContext(image, join(folder, own));
  return join(folder, own);
}

/** Whatever can be wrong with it is told before an engine or AWS is asked. @returns what the engine has to do */
async function planOf(
  repository: string,
  settings: Settings,
  options: Options,
): Promise<(registry: string) => BuildPush> {
  const folder = options.context === undefined ? undefined : fromCaller(options.context);
  const named = namedImage(project, settings, repository, folder);
  if ("source" in named) {
    const { platform, [named.source.setting]: source } = settings.images;
    return (registry) => copyPush({ repository, source, platform, registry, tags: options.tag });
  }
  const image = builtImage(named.definition, settings);
  const deployment = await deploymentOf(image, settings, options);
  const deployed = image.deployedTag === undefined ? [] : [image.deployedTag];
  const tags = options.tag.length > 0 ? options.tag : deployed;
  const given = (deployment && image.buildArguments?.(deployment)) ?? {};
  return (registry) => {
    const plan = buildPush({ image, folder: staged(image), registry, deployment, tags });
    buildNotes(image.context, Object.keys(given)).forEach(report);
    return plan;
  };
}

async function main(options: Options, [name = ""]: readonly string[]): Promise<void> {
  const { settings } = loadSettings({ directory: project });
  const repository = repositoryOf(name, settings);
  const plan = await planOf(repository, settings, options);
  const engine = await Engine.find(options.engine, report, interruptedBy());
  const given = options.registry ?? settings.images.registry;
  const registry = given === undefined ? await ownRegistry(repository, settings, options) : registryHost(given);
  const { makes, images, pushes, tag } = plan(
    `${registry}/${repositoryPrefix(settings.environment)}`.replace(/\/$/, ""),
  );
  const commands = [...makes, ...pushes].map((words) => shellCommand([engine.command, ...words]));
  if (!options.dryRun) {
    report(`Making ${images[0]}`);
    for (const make of makes) await engine.run(make, registry);
    for (const [index, push] of pushes.entries()) {
      report(`Pushing ${images[index]}`);
      await engine.run(push, registry);
    }
  }
  const result = { repository, tag, images, commands, pushed: !options.dryRun };
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else console.log((options.dryRun ? commands : images.map((one) => `Pushed ${one}`)).join("\n"));
}

performOnAws<Options>(command, main);
