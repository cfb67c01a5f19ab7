/**
 * Container images as objects, so that a tag or digest is chosen in one place and never cut out of a string.
 */

interface ImageRepository {
  /** Path in the registry: `envoy`, `xray/aws-xray-daemon`. */
  readonly repository: string;
  /** Registry host. @default the ECR of the account and region that the stack is deployed to */
  readonly registry?: string;
  /**
   * What the image is built from, so that `bin/build-push` and the stack `images` build and push it. It goes before the
   * folder in the settings. @default none: the project's own images are in `services/image-table.ts`; others are pushed by hand
   */
  readonly build?: ImageBuild;
}

/** A build context, as a compose file's `build` has it. */
export interface ImageBuild {
  /** Folder, relative to the project or absolute. */
  readonly context: string;
  /** Path in that folder. @default Dockerfile.prod where there is one, else Dockerfile */
  readonly dockerfile?: string;
}

/** An image by tag, by digest (`sha256:` and 64 hexadecimal digits), or bare: then the registry serves `latest`. */
export type ImageReference =
  | (ImageRepository & { readonly tag?: string; readonly digest?: never })
  | (ImageRepository & { readonly digest: string; readonly tag?: never });

/** Host of the private registry. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export function ecrRegistry(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}

/**
 * Whether a host is ECR's, the only one that its token is for: `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, or China's.
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
export function isEcrHost(host: string): boolean {
  return /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$/.test(host);
}

/** The host in a registry's address, which begins with `http://` where it has no TLS. */
export function registryHost(address: string): string {
  return address.replace(/^https?:\/\//, "");
}

/** What `docker pull` and a task definition take: `HOST/REPOSITORY[:TAG|@DIGEST]`. */
export function imageUri(image: ImageReference, ownRegistry: string): string {
  const base = `${image.registry ?? ownRegistry}/${image.repository}`;
  if (image.digest !== undefined) return `${base}@${image.digest}`;
  return image.tag === undefined ? base : `${base}:${image.tag}`;
}

/** Whether the image lies in the account's own ECR, so that a repository must exist for it. */
export function isOwnImage(image: ImageReference): boolean {
  return image.registry === undefined;
}
