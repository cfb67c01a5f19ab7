/** Whether a text has no words in it, as generated keys have none. */

/** What is generated too, and no secret: each is looked at before anything else. */
const identifiers = [
  /^[a-z][a-z\d]{0,9}(-[a-z\d]{1,9})?-(?:[\da-f]{8}|[\da-f]{17})$/, // EC2's: subnet-0a1b2c3d4e5f67890
  /^(?:Z[A-Z\d]{10,31}|E[A-Z\d]{12,14})$/, // a hosted zone, a CloudFront distribution
  /^(?:AROA|AIDA|AGPA|AIPA|ANPA|ANVA|ASCA|APKA)[A-Z\d]{12,}$/, // unique ids of IAM, which open nothing
  /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z\d]{9,}$/, // a Cognito user pool
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, // a UUID
  /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/,
  /^v?\d+(\.\d+)+([-+][\w.-]+)?$/,
];

/** `m5.large`, `OldName2`, `backend`, `HTTP`, `2024`: what people write. */
const humps = /^(?:[A-Z]?[a-z]+|[A-Z]+(?![a-z]))*\d{0,12}$/;
const vowels = /[aeiouyAEIOUY]/g;

function isWord(chunk: string): boolean {
  if (/^\d{1,14}$/.test(chunk)) return true;
  if (!humps.test(chunk) && !/^[a-z]{1,8}\d{1,4}[a-z]{0,8}\d{0,4}$/i.test(chunk)) return false;
  if (chunk.length < 10) return true;
  // Words have vowels, and few humps.
  const letters = chunk.replace(/\d+/g, "");
  const parts = letters.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  if (letters.length / Math.max(1, parts.length) < 3) return false;
  return (letters.match(vowels)?.length ?? 0) / letters.length >= 0.2 && letters.length <= 40 && chunk.length <= 44;
}

/** Host names, paths and the like: their parts are judged one by one. */
const separators = /[\s"'`,;|<>()[\]{}=&?/\\@:.$]+/;

function isKeyLikePart(part: string, hashes: boolean): boolean {
  if (part.length < 16 || identifiers.some((pattern) => pattern.test(part))) return false;
  if (/^[\da-f]+$/i.test(part) && /\d/.test(part) && /[a-f]/i.test(part)) return !(hashes || part.length < 20);
  const random = part.split(/[-_+~]+/).filter((chunk) => chunk !== "" && !isWord(chunk));
  const length = random.reduce((sum, chunk) => sum + chunk.length, 0);
  if (hashes && /^[A-Za-z\d]+=*$/.test(part)) return false;
  return length >= 14 && length * 2 >= part.length;
}

/**
 * @param hashes whether hashes and identifiers are what is expected here: `source_code_hash`, `client_id`
 * @example isKeyLike("Zq3vR9tLk2xYw8Hn5bJd", false) // true
 */
export function isKeyLike(text: string, hashes: boolean): boolean {
  if (text.length < 16) return false;
  if (hashes && /^[\w+/-]+={0,2}$/.test(text) && text.length <= 128) return false;
  // Validation records and load balancers have hashes in their names.
  if (/^[a-z\d_*-]+(\.[a-z\d_-]+)+\.[a-z]{2,24}\.?(:\d+)?$/.test(text)) return false;
  const known = text.replace(/\bsha(256|384|512)[:-][\w+/=]+/g, " ");
  // Base64 has separators in it: it is one part where it is nothing but base64.
  const whole =
    /^[A-Za-z\d+/]{20,}={0,2}$/.test(known) && /\d/.test(known) && /[A-Z]/.test(known) && /[a-z]/.test(known);
  if (whole && !known.split("/").every((part) => part === "" || isWord(part) || part.length < 8)) return true;
  return known.split(separators).some((part) => isKeyLikePart(part, hashes));
}
