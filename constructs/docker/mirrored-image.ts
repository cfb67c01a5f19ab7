import { Image } from "@cdktf/provider-docker/lib/image";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { Tag } from "@cdktf/provider-docker/lib/tag";
import { Construct } from "constructs";

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
  readonly pushed: RegistryImage;

  constructor(scope: Construct, id: string, { source, platform, repositoryUrl }: MirroredImageProps) {
    super(scope, id);
    this.uri = `${repositoryUrl}:${mirroredTag(source)}`;
    const image = new Image(this, "Image", { name: source, platform, keepLocally: true });
    const tag = new Tag(this, "Tag", {
      sourceImage: image.name,
      targetImage: this.uri,
      tagTriggers: [source, platform],
    });
    this.pushed = new RegistryImage(this, "Pushed", {
      name: tag.targetImage,
      triggers: { source, platform },
      keepRemotely: true,
    });
  }
}

/** The tag of the source; of a digest its first digits, as the digest itself can't be chosen in a push. */
export function mirroredTag(source: string): string {
  const [reference = "", digest] = source.split("@sha256:");
  return /:([^/:]+)$/.exec(reference)?.[1] ?? `sha256-${digest?.slice(0, 16)}`;
}
