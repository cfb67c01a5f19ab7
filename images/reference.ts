/** References to images of other registries. */

/**
 * With the registry that Docker adds where there is none; podman asks which one is meant.
 * https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function withRegistry(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  if (rest.length === 0) return `docker.io/library/${reference}`;
  return /[.:]|^localhost$/.test(first) ? reference : `docker.io/${reference}`;
}

/** The tag of a reference; of a digest its first digits, as the digest itself can't be chosen in a push. */
export function mirroredTag(reference: string): string {
  const [name = "", digest] = reference.split("@sha256:");
  return /:([^/:]+)$/.exec(name)?.[1] ?? `sha256-${digest?.slice(0, 16)}`;
}
