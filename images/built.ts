/** The images with their contents hashed: what the stacks and `build-push` go by. */
import { servicesOf } from "../services";
import { deployedTag, ownImages } from "../services/image-tags";
import type { Settings } from "../settings/schema";
import { contentHash } from "./content-hash";
import { contextEntries } from "./context";
import { type ImageDefinition, imageDefinitions, isMissing, type MissingImage } from "./definitions";
import type { StagedContext } from "./stage";

export interface BuiltImage extends StagedContext {
  readonly repository: string;
  /** Whether its Dockerfile is the team's. */
  readonly isTeams: boolean;
  readonly buildArguments: ImageDefinition["buildArguments"];
  /** The tag that task definitions name where they name no hash. @default none: by digest, or run by no service */
  readonly deployedTag?: string;
}

export interface Images {
  readonly built: readonly BuiltImage[];
  readonly missing: readonly MissingImage[];
}

/** Every image that a service runs. @throws UserError where a context can't be read */
export function allImages(project: string, settings: Settings): Images {
  const run = ownImages(servicesOf(settings));
  const definitions = imageDefinitions(project, settings).filter(({ repository }) => run.has(repository));
  return {
    built: definitions
      .filter((image): image is ImageDefinition => !isMissing(image))
      .map((image) => builtImage(image, settings)),
    missing: definitions.filter(isMissing),
  };
}

export function builtImage(
  { repository, isTeams, context: contextOf, buildArguments }: ImageDefinition,
  settings: Settings,
): BuiltImage {
  const { platform } = settings.images;
  const context = contextOf();
  const deployed = ownImages(servicesOf(settings)).get(repository);
  return {
    repository,
    isTeams,
    context,
    platform,
    content: contentHash(contextEntries(context), context.dockerfile, platform),
    buildArguments,
    deployedTag: deployed && deployedTag(deployed),
  };
}
