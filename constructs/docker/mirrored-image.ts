import { Image } from "@cdktf/provider-docker/lib/image";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { Tag } from "@cdktf/provider-docker/lib/tag";
import { Construct } from "constructs";
import { mirroredTag } from "../../images/reference";

export interface MirroredImageProps {
  /** Reference with a tag or digest, as `docker pull` takes it. */
  readonly source: string;
  readonly platform: string;
  /** `HOST/REPOSITORY`, where it goes under the same tag. */
  readonly repositoryUrl: string;
}

/**
 * An image of another registry, in ours. It is pulled when its reference changes, and not when somebody moves its tag.
 *
 * `docker_image.ID`, `docker_tag.ID`, `docker_registry_image.ID`
 */
export class MirroredImage extends Construct {
  readonly uri: string;
  readonly image: Image;
  readonly tag: Tag;
  readonly pushed: RegistryImage;

  constructor(scope: Construct, id: string, { source, platform, repositoryUrl }: MirroredImageProps) {
    super(scope, id);
    this.uri = `${repositoryUrl}:${mirroredTag(source)}`;
    this.image = new Image(this, "Image", { name: source, platform, keepLocally: true });
    this.tag = new Tag(this, "Tag", {
      sourceImage: this.image.name,
      targetImage: this.uri,
      // The engine's own id: on another engine, or after a prune, the tag isn't there any more.
      tagTriggers: [source, platform, this.image.imageId],
    });
    this.pushed = new RegistryImage(this, "Pushed", {
      name: this.tag.targetImage,
      triggers: { source, platform },
      keepRemotely: true,
    });
  }
}
