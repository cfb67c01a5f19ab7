import { Image, type ImageConfig } from "@cdktf/provider-docker/lib/image";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { Tag } from "@cdktf/provider-docker/lib/tag";
import { Construct } from "constructs";

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

  constructor(scope: Construct, id: string, props: PushedImageProps) {
    super(scope, id);
    const { repositoryUrl, tag, build, movingTag, dependsOn } = props;
    this.uri = `${repositoryUrl}:${tag}`;
    const image = new Image(this, "Image", {
      name: this.uri,
      buildAttribute: build,
      // The engine's layers make the next build short.
      keepLocally: true,
      dependsOn: dependsOn as ImageConfig["dependsOn"],
    });
    new RegistryImage(this, "Pushed", { name: image.name, keepRemotely: true });
    if (movingTag === undefined) return;
    const moving = new Tag(this, "Moving", {
      sourceImage: image.name,
      targetImage: `${repositoryUrl}:${movingTag}`,
      tagTriggers: [tag],
    });
    new RegistryImage(new Construct(this, `${id}_deployed`), "Pushed", {
      name: moving.targetImage,
      triggers: { tag },
      keepRemotely: true,
    });
  }
}
