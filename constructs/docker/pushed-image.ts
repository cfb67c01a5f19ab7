import { Image, type ImageConfig } from "@cdktf/provider-docker/lib/image";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { Tag } from "@cdktf/provider-docker/lib/tag";
import { Construct } from "constructs";
import { nameOf, terraformName } from "../terraform/addressed-stack";

export interface PushedImageProps {
  /** `HOST/REPOSITORY`. */
  readonly repositoryUrl: string;
  /** Another one is another image: it replaces the resources, and what was pushed under the old one stays. */
  readonly tag: string;
  readonly build: NonNullable<ImageConfig["buildAttribute"]>;
  /** A tag that moves on to each new image. @default none */
  readonly movingTag?: string;
  readonly dependsOn?: Construct[];
}

/**
 * An image that the engine builds and pushes. What is pushed is never deleted: a task definition of last week may name it.
 *
 * `docker_image.ID`, `docker_registry_image.ID`; with a moving tag `docker_tag.ID`, `docker_registry_image.ID_deployed`
 */
export class PushedImage extends Construct {
  /** `HOST/REPOSITORY:TAG`. */
  readonly uri: string;
  readonly image: Image;
  readonly pushed: RegistryImage;
  /** These two where there is a moving tag. */
  readonly movingTag?: Tag;
  readonly pushedMovingTag?: RegistryImage;

  constructor(scope: Construct, id: string, props: PushedImageProps) {
    super(scope, id);
    const { repositoryUrl, tag, build, movingTag, dependsOn } = props;
    this.uri = `${repositoryUrl}:${tag}`;
    this.image = new Image(this, "Image", {
      name: this.uri,
      buildAttribute: build,
      // The engine's layers make the next build short.
      keepLocally: true,
      dependsOn: dependsOn as ImageConfig["dependsOn"],
    });
    this.pushed = new RegistryImage(this, "Pushed", { name: this.image.name, keepRemotely: true });
    if (movingTag === undefined) return;
    this.movingTag = new Tag(this, "Moving", {
      sourceImage: this.image.name,
      targetImage: `${repositoryUrl}:${movingTag}`,
      // The engine's own id: on another engine, or after a prune, the tag isn't there any more.
      tagTriggers: [tag, this.image.imageId],
    });
    this.pushedMovingTag = new RegistryImage(new Construct(this, terraformName(`${nameOf(id)}_deployed`)), "Pushed", {
      name: this.movingTag.targetImage,
      triggers: { tag },
      keepRemotely: true,
    });
  }
}
