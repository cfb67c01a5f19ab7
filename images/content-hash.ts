/** What an image is made of, as one number: the same on every machine, another when anything of it changes. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { shown, UserError } from "../lib/user-error";
import type { ContextEntry } from "./context";

/** Goes up when the way of hashing changes. */
const format = "cruddur-image-1";
/** 64 bits: enough to tell the images of one repository apart. */
export const tagLength = 16;

const buffer = Buffer.allocUnsafe(1024 * 1024);

/**
 * SHA-256 in hexadecimal digits over platform, Dockerfile and the context's entries: path, kind, executable bit, content,
 * or a link's target. Times, owners and order don't count.
 */
export function contentHash(entries: readonly ContextEntry[], dockerfile: string, platform: string): string {
  const hash = createHash("sha256").update(`${format}\0${platform}\0${dockerfile}\0`);
  for (const entry of entries) {
    const kind = entry.kind === "link" ? "link" : entry.kind === "file" && entry.executable ? "executable" : "file";
    hash.update(`${kind}\0${entry.path}\0${digestOf(entry)}\n`);
  }
  return hash.digest("hex");
}

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

function digestOf(entry: ContextEntry): string {
  if (entry.kind === "link") return createHash("sha256").update(entry.target).digest("hex");
  if (entry.kind === "generated") return createHash("sha256").update(entry.text).digest("hex");
  return fileDigest(entry.source);
}

/** In pieces: a context may hold files that are larger than memory. */
function fileDigest(file: string): string {
  const hash = createHash("sha256");
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) {
      hash.update(buffer.subarray(0, read));
    }
  } catch (error) {
    throw new UserError(
      `${shown(file)} can't be read (${(error as NodeJS.ErrnoException).code}): make it readable, or list it in the ignore file.`,
    );
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  return hash.digest("hex");
}
