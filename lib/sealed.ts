/** Content that only who has the key can read, and nobody can change unseen: AES-256-GCM. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { UserError } from "./user-error";

const algorithm = "aes-256-gcm";
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

/**
 * @param variable of the environment that has the key in base64
 * @returns 32 bytes. @throws UserError, without the value
 */
export function sealingKey(variable: string, environment: NodeJS.ProcessEnv = process.env): Buffer {
  const text = environment[variable]?.trim() ?? "";
  const advice = "give 32 random bytes in base64, as `openssl rand -base64 32` prints them";
  if (text === "") throw new UserError(`${variable} is not set: ${advice}.`);
  const key = Buffer.from(text, "base64");
  if (key.length === keyLength && key.toString("base64") === text) return key;
  throw new UserError(`${variable} is no key: ${advice}.`);
}

/** @param kind first line of the file, which says in clear what it is; part of what can't be changed unseen */
export function sealed(content: Uint8Array, key: Uint8Array, kind: string): Buffer {
  const head = Buffer.from(`${kind}\n`);
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength }).setAAD(head);
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

export function isOfKind(file: Uint8Array, kind: string): boolean {
  const head = Buffer.from(`${kind}\n`);
  return head.equals(file.subarray(0, head.length));
}

/** @returns the content; undefined where the key is another one or a byte has changed, which can't be told apart */
export function unsealed(file: Uint8Array, key: Uint8Array, kind: string): Buffer | undefined {
  const head = Buffer.from(`${kind}\n`);
  const [nonce, tag, body] = [
    file.subarray(head.length, head.length + nonceLength),
    file.subarray(head.length + nonceLength, head.length + nonceLength + tagLength),
    file.subarray(head.length + nonceLength + tagLength),
  ];
  if (!isOfKind(file, kind) || tag.length < tagLength) return undefined;
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  decipher.setAAD(head).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    return undefined;
  }
}
