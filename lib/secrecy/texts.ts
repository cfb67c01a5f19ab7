/** Which texts hold a secret, whatever they are called. */
import { gunzipSync } from "node:zlib";
import { hasCredentials } from "./commands";
import { isKeyLike } from "./key-like";
import { nameVerdict } from "./names";
import { isPlaceholder } from "./placeholder";

/**
 * What issuers mark as theirs, so that scanners find it.
 * https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
 */
const marked = [
  /-----BEGIN [A-Z\d ]+-----/,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z\d]{12,}/,
  /\bey[JI][\w-]{8,}\.[\w-]{8,}\.?[\w-]*/,
  /\b(?:gh[pousr]|github_pat|glpat|gldt|glrt|xox[abeoprs]|xapp|sk|pk|rk|whsec|shpat|shpss|npm|pypi|dckr_pat|hvs|hvb|dop_v1|doo_v1|lin_api|ntn|figd|sntrys|hcaik|glsa|tfp|rpa|r8|hf|pat|nvapi|gsk|xai|key)[-_][\w-]{12,}/,
  /\bAIza[\w-]{30,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bAGE-SECRET-KEY-1/i,
  /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/\S/i,
  /\bdiscord(?:app)?\.com\/api\/webhooks\/\S/i,
  /\bwebhook\.office\.com\/webhook/i,
  /\b(?:web-?hooks?b?2?|incomingwebhooks?|hooks|integration)(?:\/[\w-]+)*\/(?=[\w-]*\d)[\w-]{6,}/i,
  // Hashes of passwords.
  /\$(?:2[abxy]?|argon2\w*|[1567]|g?y|apr1|scrypt|pbkdf2[\w-]*)\$[^\s$]+\$/,
  /\{(?:SSHA|SHA|SMD5|MD5|CRYPT|BCRYPT)\d*\}\S/i,
  /^PuTTY-User-Key-File/,
  /^\$ANSIBLE_VAULT;/,
  // A line of .pgpass, and one of a Dockerfile.
  /^[\w.*-]+:(?:\d+|\*):[\w.*-]+:[\w.*-]+:\S+$/,
  /(?:^|\n)\s*ENV\s+\w+[=\s]\s*[^\s$]/,
  // What stands in the Authorization header.
  /(?:^|["'\s])bearer\s+["']?(?=[\w.~+/=-]*\d)[\w.~+/-]{6,}/i,
  /(?:^|["'\s])(?:basic|token|apikey|digest|negotiate|splunk)\s+["']?(?=[\w.~+/=-]*[\d=])[\w.~+/-]{6,}={0,2}["']?(?:\s|$)/i,
];

/** Amazon Resource Names, which name what is secret and aren't. `:secret:` is a part of some. */
const arn = /\barn:aws[\w-]*:[\w-]*:[\w-]*:[\w*]*:[\w+=,.@*/:${}?-]*/g;

export function isArn(text: string): boolean {
  return new RegExp(`^${arn.source}$`).test(text);
}

/** `user:password@` before a host, with or without a scheme. */
function hasUserInfo(text: string): boolean {
  for (const [, scheme = "", rest = ""] of text.matchAll(/\b([a-z][a-z\d+.-]*):\/\/([^\s"'<>`]+)/gi)) {
    const at = rest.lastIndexOf("@");
    if (at < 0) continue;
    const authority = rest.split(/[/?#]/)[0] ?? "";
    const web = /^(https?|wss?)$/i.test(scheme);
    const info = authority.includes("@") ? authority.slice(0, authority.lastIndexOf("@")) : undefined;
    if (info === undefined) {
      // A password with a slash in it: what stands behind the colon is no port then.
      const behind = /:([^:]*)$/.exec(authority)?.[1];
      if (!web || (behind !== undefined && !/^\d{0,5}$/.test(behind))) return true;
      continue;
    }
    const [user = "", ...password] = info.split(":");
    if (password.length > 0) {
      if (!isPlaceholder(password.join(":"))) return true;
    } else if (web || !/^[a-z][a-z_-]{0,31}$/i.test(user)) {
      if (!isPlaceholder(user)) return true;
    }
  }
  // Go's MySQL driver: user:password@tcp(host)/db. Oracle's: user/password@host.
  const bare = text.replace(/@sha\d+:/g, " ").replace(/\b(mailto|sip|npm|xmpp|acct):\S+/gi, " ");
  return (
    /(?:^|[\s"'=,]|^\/\/)(?!arn:)[\w.+%-]*:[^\s"'/:@,]{2,}@[\w.([-]/.test(bare) ||
    /(?:^|[\s"'=])\w+\/[^\s/@]{2,}@(?:\/\/|[\w.-]+:\d+)/.test(bare) ||
    /:(thin|oci):?[^\s/@]+\/[^\s@]+@/i.test(bare)
  );
}

/** A value behind a telling name: `password=x`, `"token": "x"`, `AccountKey=x;`, `X-Api-Key: x`. */
function hasNamedSecret(text: string): boolean {
  const assignment = /([\p{L}_][\p{L}\d_.-]{0,80})["']?\s*(?:=>|:=|[=:])\s*(?=("[^"]*"|'[^']*'|[^\s"'&;,|<>]+))/gu;
  for (const [, name = "", quoted = ""] of text.matchAll(assignment)) {
    const value = quoted.replace(/^["']|["']$/g, "");
    if (value === "" || isPlaceholder(value) || /^(true|false|null|none|required|optional)$/i.test(value)) continue;
    if (/^(authorization|proxy-authorization|cookie|set-cookie)$/i.test(name)) return true;
    const query =
      /^(sig|code|auth|x-amz-signature|x-amz-credential|awsaccesskeyid|key)$/i.test(name) && /[?&]/.test(text);
    if (query || nameVerdict(name.replace(/^[-.]+/, "")) === "secret") return true;
  }
  // In XML: name="password" value="x".
  if (/\b(?:name|key|id)=["'][\w:. -]*(?:password|passwd|secret|token|apikey)["']\s+value=["'][^"'$]/i.test(text))
    return true;
  // In prose and headers: password x1.
  for (const [, name = "", value = ""] of text.matchAll(
    /(?:^|[\s"'])([\p{L}_][\p{L}\d_-]{2,80})\s+(?:is\s+)?["']?(?=[^\s"']*\d)([^\s"'$<{/(]{6,})/gu,
  )) {
    if (/\p{L}/u.test(value) && nameVerdict(name) === "secret") return true;
  }
  return (
    /<([\w:-]*(?:password|passwd|secret|token|apikey)[\w:-]*)>[^<\s]/i.test(text) ||
    /\b(?:login|user)\s+\S+\s+password\s+\S/i.test(text)
  );
}

/** One word of several kinds of characters, as rules for passwords ask for. */
function isPasswordLike(text: string): boolean {
  if (!/^[^\s/:]{6,64}$/.test(text) || /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text)) return false;
  return /[a-z]/.test(text) && /\d/.test(text) && /[!@#%^&~]/.test(text);
}

function decodings(text: string): string[] {
  const found: string[] = [];
  if (/%[\da-f]{2}/i.test(text)) {
    try {
      found.push(decodeURIComponent(text.replaceAll("+", " ")));
    } catch {
      // No percent-encoding, then.
    }
  }
  for (const [part] of text.matchAll(/[A-Za-z\d+/_-]{12,}={0,2}/g)) {
    const bytes = Buffer.from(part, "base64");
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzipped(bytes) : bytes.toString("utf8");
    // user:password, as registries and headers take it.
    if (/^[\w.@+-]+:[\x21-\x7e]{4,}$/.test(plain)) found.push(`password=${plain}`);
    else if (/^[\x20-\x7e\t\r\n]{8,}$/.test(plain)) found.push(plain);
  }
  return found;
}

function unzipped(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: 1_000_000 }).toString("utf8");
  } catch {
    return "";
  }
}

export interface TextHints {
  /** Whether hashes and identifiers are expected. */
  readonly hashes?: boolean;
  /** Whether the name is about a secret: then anything that isn't plain counts as one. */
  readonly strict?: boolean;
}

/** What is plain beside a name that is about a secret: a short word, a path, a number with its unit. */
const plain = /^[A-Za-z\d][\w. /-]{0,63}$/;

/** Whether a text holds a secret, as it stands or encoded. */
export function holdsSecret(text: string, { hashes = false, strict = false }: TextHints = {}, depth = 2): boolean {
  if (text.length < 4) return false;
  const rest = text.replace(arn, " ");
  if (rest.trim() === "") return false;
  if (marked.some((pattern) => pattern.test(rest))) return true;
  if (hasUserInfo(rest) || hasNamedSecret(rest) || hasCredentials(rest)) return true;
  if (isPasswordLike(rest) || isKeyLike(rest, hashes && !strict)) return true;
  if (strict && !(plain.test(rest) || /^https?:\/\/[\w.:/-]+$/.test(rest) || rest !== text)) return true;
  if (strict && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(rest)) return true;
  return depth > 0 && decodings(rest).some((decoded) => holdsSecret(decoded, {}, depth - 1));
}
