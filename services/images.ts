/**
 * Container images as objects, so that a tag or digest is chosen in one place and never cut out of a string.
 */

interface ImageRepository {
  /** Path in the registry: `envoy`, `xray/aws-xray-daemon`. */
  readonly repository: string;
  /** Registry host. @default the ECR of the account and region that the stack is deployed to */
  readonly registry?: string;
}

/** An image by tag, by digest (`sha256:` and 64 hexadecimal digits), or bare: then the registry serves `latest`. */
export type ImageReference =
  | (ImageRepository & { readonly tag?: string; readonly digest?: never })
  | (ImageRepository & { readonly digest: string; readonly tag?: never });

/** Host of the private registry. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export function ecrRegistry(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
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
