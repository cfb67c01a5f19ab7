/** Which tag a deployed task definition names, and which repositories the services run images of. */
import type { ServiceDefinition } from "./definition";
import { type ImageReference, isOwnImage } from "./images";

/** What a registry serves where a reference names neither tag nor digest. */
const bareTag = "latest";

/** The image of each own repository that a service runs. */
export function ownImages(services: readonly ServiceDefinition[]): ReadonlyMap<string, ImageReference> {
  const images = services.flatMap(({ containers }) => containers.map(({ image }) => image));
  return new Map(images.filter(isOwnImage).map((image) => [image.repository, image]));
}

/** The tag that makes a push reach the tasks. @returns undefined for an image by digest: no push does */
export function deployedTag({ tag, digest }: ImageReference): string | undefined {
  return digest === undefined ? (tag ?? bareTag) : undefined;
}
