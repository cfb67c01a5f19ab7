/** What an image is made of, as one number: the same on every machine, another when anything of it changes. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { shown, UserError } from "../lib/user-error";
import type { ContextEntry } from "./context";
import { pathBytes } from "./path-text";

/** Goes up when the way of hashing changes. */
const format = "cruddur-image-1";

/**
 * SHA-256 in hexadecimal digits over platform, Dockerfile and the context's entries: path, kind, executable bit, content,
 * or a link's target. Times, owners and order don't count, nor do folders that others tell of.
 */
export function contentHash(entries: readonly ContextEntry[], dockerfile: string, platform: string): string {
  const hash = createHash("sha256").update(`${format}\0${platform}\0${dockerfile}\0`);
  for (const entry of entries) {
    hash.update(pathBytes(`${kindOf(entry)}\0${entry.path}\0${digestOf(entry)}\n`));
  }
  return hash.digest("hex");
}

function kindOf(entry: ContextEntry): string {
  if (entry.kind === "link" || entry.kind === "folder") return entry.kind;
  return entry.kind === "file" && entry.executable ? "executable" : "file";
}

function digestOf(entry: ContextEntry): string {
  if (entry.kind === "folder") return "";
  if (entry.kind === "link") return createHash("sha256").update(pathBytes(entry.target)).digest("hex");
  if (entry.kind === "generated") return createHash("sha256").update(entry.text).digest("hex");
  return fileDigest(entry.source);
}

/** In pieces: a context may hold files that are larger than memory. */
function fileDigest(file: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(64 * 1024);
  let handle: number | undefined;
  try {
    handle = openSync(pathBytes(file), "r");
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
