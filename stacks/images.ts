import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { AwsAccount } from "../constructs/aws-account";
import { DockerEngine } from "../constructs/docker/engine";
import { buildDeployment, type ImageTag, imageTagOf } from "../constructs/docker/image-tag";
import { MirroredImage } from "../constructs/docker/mirrored-image";
import { PushedImage } from "../constructs/docker/pushed-image";
import { terraformName } from "../constructs/terraform/addressed-stack";
import type { BuiltImage, Images } from "../images/built";
import { buildNotes } from "../images/notes";
import { stageContext, stagedName } from "../images/stage";
import { report } from "../lib/report";
import { repositoryPrefix } from "../services/aws-names";
import { underscored } from "../services/definition";
import { isEcrHost, registryHost } from "../services/images";
import type { StackId } from "../services/names";
import { ProjectStack, type ProjectStackProps } from "./project-stack";

export interface ImagesStackProps extends ProjectStackProps {
  readonly images: Images;
}

/** Below the stack's folder. */
const contextsFolder = "contexts";

/**
 * The images: built by a Docker engine, pushed to the repositories of the app stack. A stack of its own, so that neither
 * of the others ever needs an engine.
 */
export class ImagesStack extends ProjectStack {
  readonly account: AwsAccount;
  readonly engine: DockerEngine;
  /** The Python image that a Dockerfile of the team may begin with. */
  readonly base: MirroredImage;
  /** By repository. */
  readonly tags: ReadonlyMap<string, ImageTag>;
  /** By repository. */
  readonly pushed: ReadonlyMap<string, PushedImage>;
  private readonly images: Images;
  /** What goes before a repository: `HOST/`, or `HOST/ENVIRONMENT/`. */
  private readonly ownImages: string;

  constructor(scope: Construct, id: StackId, props: ImagesStackProps) {
    super(scope, id, props);
    this.images = props.images;
    const { registry, dockerHost, pythonBase, platform, deploy } = props.settings.images;
    this.account = new AwsAccount(this, "current", this.awsForm);
    const host = registry === undefined ? this.account.registry : registryHost(registry);
    this.ownImages = `${host}/${repositoryPrefix(props.settings.environment)}`;
    this.engine = new DockerEngine(this, "current_registry", {
      registry: registry ?? host,
      isEcr: registry === undefined || isEcrHost(host),
      host: dockerHost,
    });
    this.base = new MirroredImage(this, "cruddur_python", {
      source: pythonBase,
      platform,
      repositoryUrl: `${this.ownImages}cruddur-python`,
    });
    const deployment = buildDeployment(this.account, this.variables, this.hostsDomain);
    const tags = new Map<string, ImageTag>();
    const pushed = new Map<string, PushedImage>();
    for (const image of this.images.built) {
      const tag = imageTagOf(this, image, deployment);
      tags.set(image.repository, tag);
      pushed.set(image.repository, this.push(image, tag, { moveTag: deploy === "state" }));
    }
    this.tags = tags;
    this.pushed = pushed;
    this.addOutputs();
  }

  private push(image: BuiltImage, tag: ImageTag, { moveTag }: { readonly moveTag: boolean }): PushedImage {
    const { repository, isTeams, context, buildArguments, platform, deployedTag } = image;
    return new PushedImage(this, terraformName(underscored(repository)), {
      repositoryUrl: `${this.ownImages}${repository}`,
      tag: tag.value,
      build: {
        // Relative to the stack's folder: the same on every machine.
        context: stagedFolder(image),
        dockerfile: context.dockerfile,
        platform,
        buildArgs: buildArguments && tag.buildArguments,
      },
      movingTag: moveTag ? deployedTag : undefined,
      // A team's Dockerfile may begin with it.
      dependsOn: isTeams ? [this.base.pushed] : undefined,
    });
  }

  private addOutputs(): void {
    const uris = [...this.pushed].map(([repository, { uri }]) => [repository, uri]);
    const mirrored = ["cruddur-python", this.base.uri];
    this.addOutput("image_uris", Object.fromEntries([...uris, mirrored]), "What was pushed, by repository name.");
    const missing = this.images.missing.map(({ repository, why: reason }) => [repository, reason]);
    const why = "Repositories whose images are not built here, and why.";
    this.addOutput("not_built", Object.fromEntries(missing), why);
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
    for (const image of this.images.built) {
      const { buildArguments = {} } = this.tags.get(image.repository) ?? {};
      buildNotes(image.context, Object.keys(buildArguments)).forEach(report);
      stageContext(image, join(folder, stagedFolder(image)), "archive");
    }
  }
}

function stagedFolder(image: BuiltImage): string {
  return `${contextsFolder}/${stagedName(image)}`;
}
