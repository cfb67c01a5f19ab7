/** The tag of an image, apart from the hashing of its context: every synth loads this. */
import { createHash } from "node:crypto";

/** 64 bits: enough to tell the images of one repository apart. */
export const tagLength = 16;

/**
 * The tag of an image: its content and its build arguments. Terraform computes the same where an argument is an
 * expression (`constructs/docker/image-tag.ts`).
 * @param content what `contentHash` says
 */
export function imageTag(content: string, buildArguments: Readonly<Record<string, string>> = {}): string {
  // Terraform's jsonencode escapes these, https://developer.hashicorp.com/terraform/language/functions/jsonencode
  const json = JSON.stringify(taggedParts(content, buildArguments)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return createHash("sha256").update(json).digest("hex").slice(0, tagLength);
}

/** What a tag is the hash of, as JSON. */
export function taggedParts(content: string, buildArguments: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(buildArguments).sort();
  return [content, ...names.map((name) => `${name}=${buildArguments[name]}`)];
}
