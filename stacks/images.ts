import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsAccount } from "../constructs/aws-account";
import { AwsEnvironment } from "../constructs/aws-environment";
import { DockerEngine } from "../constructs/docker/engine";
import { buildDeployment, ImageTag } from "../constructs/docker/image-tag";
import { MirroredImage } from "../constructs/docker/mirrored-image";
import { PushedImage } from "../constructs/docker/pushed-image";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { configureBackend } from "../constructs/terraform/state-backend";
import { Variables } from "../constructs/terraform/variables";
import type { BuiltImage, Images } from "../images/built";
import { stageContext, stagedName } from "../images/stage";
import { terraformName } from "../services/definition";
import type { Settings } from "../settings/schema";

export interface ImagesStackProps {
  readonly settings: Settings;
  readonly images: Images;
}

/** Below the stack's folder. */
const contextsFolder = "contexts";

/**
 * The images: built by a Docker engine, pushed to the repositories of the app stack. A stack of its own, so that neither
 * of the others ever needs an engine.
 */
export class ImagesStack extends AddressedStack {
  readonly account: AwsAccount;
  private readonly images: Images;

  constructor(scope: Construct, id: string, { settings, images }: ImagesStackProps) {
    super(scope, id);
    this.images = images;
    const { registry, dockerHost, pythonBase, platform, deploy } = settings.images;
    configureBackend(this, settings);
    const variables = new Variables(this, "Variables", { stack: id });
    new AwsEnvironment(this, "Aws", { variables, settings });
    this.account = new AwsAccount(this, "current");
    const registryHost = registry ?? this.account.registry;
    new DockerEngine(this, "current_registry", { registry: registryHost, host: dockerHost });

    const base = new MirroredImage(this, "cruddur_python", {
      source: pythonBase,
      platform,
      repositoryUrl: `${registryHost}/cruddur-python`,
    });
    const deployment = buildDeployment(this.account, variables);
    const uris = images.built.map((image): [string, string] => {
      const { repository, context, buildArguments } = image;
      const tag = new ImageTag(this, { ...image, deployment });
      const pushed = new PushedImage(this, terraformName(repository), {
        repositoryUrl: `${registryHost}/${repository}`,
        tag: tag.value,
        build: {
          // Relative to the stack's folder: the same on every machine.
          context: stagedFolder(image),
          dockerfile: context.dockerfile,
          platform: image.platform,
          buildArgs: buildArguments && tag.buildArguments,
        },
        movingTag: deploy === "state" ? image.deployedTag : undefined,
        // The backend's Dockerfile may begin with it.
        dependsOn: repository === "backend-flask" ? [base.pushed] : undefined,
      });
      return [repository, pushed.uri];
    });
    const output = (name: string, value: unknown, description: string) =>
      new TerraformOutput(this, name, { value, description });
    const mirrored: [string, string] = ["cruddur-python", base.uri];
    output("image_uris", Object.fromEntries([...uris, mirrored]), "What was pushed, by repository name.");
    const missing = images.missing.map(({ repository, setting }) => [repository, `the setting ${setting} is not set`]);
    output("not_built", Object.fromEntries(missing), "Repositories whose images are not built here, and why.");
  }

  /** Puts the contexts below the stack's folder, and takes older ones away. */
  stageContexts(folder: string): void {
    const contexts = join(folder, contextsFolder);
    mkdirSync(contexts, { recursive: true });
    const wanted = this.images.built.map((image) => join(folder, stagedFolder(image)));
    for (const name of readdirSync(contexts)) {
      const old = join(contexts, name);
      if (!wanted.includes(old)) rmSync(old, { recursive: true, force: true });
    }
    for (const image of this.images.built) stageContext(image, join(folder, stagedFolder(image)));
  }
}

function stagedFolder(image: BuiltImage): string {
  return `${contextsFolder}/${stagedName(image)}`;
}
