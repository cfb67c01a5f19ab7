/** What building and pushing one image is, as the engine's commands. */

import type { BuiltImage } from "./built";
import { imageTag } from "./content-hash";
import type { BuildDeployment } from "./definitions";

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
  /** The hash of what goes in. */
  readonly tag: string;
  /** `HOST/REPOSITORY:TAG` of each, the hash first. */
  readonly images: readonly string[];
  /** The engine's arguments. */
  readonly build: readonly string[];
  readonly pushes: readonly (readonly string[])[];
}

export function buildPush({ image, folder, registry, deployment, tags }: BuildPushOptions): BuildPush {
  const values = (deployment && image.buildArguments?.(deployment)) ?? {};
  const tag = imageTag(image.content, image.buildArguments && values);
  const images = [...new Set([tag, ...tags])].map((one) => `${registry}/${image.repository}:${one}`);
  return {
    tag,
    images,
    build: [
      "build",
      ...["--platform", image.platform],
      ...["--file", `${folder}/${image.context.dockerfile}`],
      ...images.flatMap((name) => ["--tag", name]),
      ...Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      folder,
    ],
    pushes: images.map((name) => ["push", name]),
  };
}
