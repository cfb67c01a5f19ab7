/**
 * Which values of a plan may be shown. A state is full of secrets, and teams' modules mark few of them as sensitive; so a
 * value is shown only where it is plain that it is none.
 */
const hidden = "(not shown)";

/** Names of attributes that hold secrets, or text in which there may be some. */
const telling =
  /pass|secret|token|key|credential|private|auth|connection|url|uri|header|value|user_data|environment|policy|definition|document|body|content|certificate|username|email|phone/i;

/** Numbers, words, names and versions; nothing long, nothing that needs quoting. */
const plain = /^[A-Za-z0-9][\w.:/ -]{0,47}$/;

/** Long runs of letters and digits without a word in them are keys more often than names. */
const keyLike = /[A-Za-z0-9+/=_-]{20,}/;

export function isSensitiveAt(mask: unknown, path: readonly string[]): boolean {
  if (mask === true) return true;
  if (typeof mask !== "object" || mask === null) return false;
  const [first, ...rest] = path;
  // At the end of the path: anything below it counts.
  if (first === undefined) return Object.values(mask).some((item) => isSensitiveAt(item, []));
  return isSensitiveAt((mask as Record<string, unknown>)[first], rest);
}

/**
 * @param path of the attribute: `network_configuration.0.assign_public_ip`
 * @param sensitive whether Terraform or the provider marks it
 * @param secrets values that are known to be secret
 */
export function discreet(value: unknown, path: string, sensitive: boolean, secrets: readonly string[]): string {
  if (value === null || value === undefined) return "nothing";
  if (sensitive || telling.test(path)) return hidden;
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value !== "string") return Array.isArray(value) ? `a list of ${value.length}` : "a block";
  if (value === "(known after apply)") return value;
  if (value === "") return '""';
  if (!plain.test(value) || keyLike.test(value)) return hidden;
  return secrets.some((secret) => secret !== "" && value.includes(secret)) ? hidden : JSON.stringify(value);
}
