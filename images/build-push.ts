/** What building and pushing one image is, as the engine's commands. */
import type { BuiltImage } from "./built";
import type { BuildDeployment } from "./definitions";
import { mirroredTag, withRegistry } from "./reference";
import { imageTag } from "./tag";

export interface BuildPushOptions {
  readonly image: BuiltImage;
  /** Where the context is staged. */
  readonly folder: string;
  /** Host of the registry. */
  readonly registry: string;
  /** For an image with build arguments. */
  readonly deployment?: BuildDeployment;
  /** Tags beside the hash. */
  readonly tags: readonly string[];
}

export interface BuildPush {
  /** The hash of what goes in; of a copy the source's own tag. */
  readonly tag: string;
  /** `HOST/REPOSITORY:TAG` of each, the hash first. */
  readonly images: readonly string[];
  /** The engine's arguments, of what makes the images. */
  readonly makes: readonly (readonly string[])[];
  readonly pushes: readonly (readonly string[])[];
}

export function buildPush({ image, folder, registry, deployment, tags }: BuildPushOptions): BuildPush {
  const values = (deployment && image.buildArguments?.(deployment)) ?? {};
  const tag = imageTag(image.content, image.buildArguments && values);
  const images = [...new Set([tag, ...tags])].map((one) => `${registry}/${image.repository}:${one}`);
  return {
    tag,
    images,
    makes: [
      [
        "build",
        ...["--platform", image.platform],
        ...["--file", `${folder}/${image.context.dockerfile}`],
        ...images.flatMap((name) => ["--tag", name]),
        ...Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
        folder,
      ],
    ],
    pushes: images.map((name) => ["push", name]),
  };
}

export interface CopyPushOptions {
  readonly repository: string;
  /** Reference with a tag or digest, as `docker pull` takes it. */
  readonly source: string;
  readonly platform: string;
  /** Host of the registry. */
  readonly registry: string;
  /** @default the source's own */
  readonly tags: readonly string[];
}

/** A copy of an image of another registry. */
export function copyPush({ repository, source, platform, registry, tags }: CopyPushOptions): BuildPush {
  const tag = mirroredTag(source);
  const from = withRegistry(source);
  const images = (tags.length > 0 ? [...new Set(tags)] : [tag]).map((one) => `${registry}/${repository}:${one}`);
  return {
    tag,
    images,
    makes: [["pull", "--platform", platform, from], ...images.map((image) => ["tag", from, image])],
    pushes: images.map((image) => ["push", image]),
  };
}
