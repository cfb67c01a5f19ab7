/** Which tag a deployed task definition names, and which repositories the services run images of. */
import type { ServiceDefinition } from "./definition";
import { repositoryNames } from "./image-table";
import { type ImageReference, isOwnImage } from "./images";

/** What a registry serves where a reference names neither tag nor digest. */
const bareTag = "latest";

/** The image of each own repository that a service runs. Where several containers run one, any of them has its `build`. */
export function ownImages(services: readonly ServiceDefinition[]): ReadonlyMap<string, ImageReference> {
  const images = services.flatMap(({ containers }) => containers.map(({ image }) => image)).filter(isOwnImage);
  const build = (repository: string) => images.find((one) => one.repository === repository && one.build)?.build;
  return new Map(images.map((image) => [image.repository, { ...image, build: build(image.repository) }]));
}

/** Every repository of the system: the table's, and one for each further image of its own that a service runs. */
export function repositoriesOf(services: readonly ServiceDefinition[]): string[] {
  return [...new Set([...repositoryNames, ...ownImages(services).keys()])];
}

/** The tag that makes a push reach the tasks. @returns undefined for an image by digest: no push does */
export function deployedTag({ tag, digest }: ImageReference): string | undefined {
  return digest === undefined ? (tag ?? bareTag) : undefined;
}
