/** What the name of an argument, a variable or a key tells about its value. */

/** The words of a name, lower case: `dbMasterPassword`, `DB_MASTER_PASSWORD` and `db-master.password` have the same. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{L}\d]+/u)
    .map((word) => word.toLowerCase().replace(/(?<=\D)\d+$/, ""))
    .filter((word) => word !== "");
}

const secretWords = new Set(
  (
    "password passwords passwd passwort passphrase passphrases passcode passkey pwd pw secret secrets token tokens " +
    "credential credentials creds cred sensitive apikey apikeys dsn bearer jwt psk otp totp preshared hmac sas privatekey signature " +
    "userdata keytab pem pfx salt kennwort contraseña contrasena senha wachtwoord lozinka parola"
  ).split(" "),
);
/** `mysecret`, `PGPASSWORD`, `accesstoken`, `dbpass`: names that are written as one word. */
const secretEnding =
  /(password|passwd|passphrase|passcode|pwd|secret|token|(api|access|secret|priv|private|auth|fernet)key|accesskeyid|credentials?|.pw|(?<!^(by|com|encom|over|sur|tres|under))(?<=.)pass)s?$/;

/** A `key` behind these names something, as `hash_key` and `object_key` do. Any other `key` opens something. */
const namingKeys = new Set(
  (
    "attribute block body boundary bucket cache caching cluster clustering composite condition context dedup dimension " +
    "entity field file foreign group hash id index kms label lock lookup managed map mapping max message metric object " +
    "output owned parameter partition path prefix primary public queue range rate record request resource response role " +
    "roles route routing row s3 secondary shard sort source state string subject tag target terraform topic transitive " +
    "trusted unique value"
  ).split(" "),
);

const secretPairs = new Set([
  "connection string",
  "connection url",
  "connection uri",
  "custom data",
  "user data",
  "shared access",
  "basic auth",
  "startup script",
  "webhook url",
  "pass word",
  "pass phrase",
  "auth header",
  "auth cookie",
  "session cookie",
]);
const databases =
  /^(database|db|postgres|postgresql|pg|mysql|mariadb|redis|mongo|mongodb|amqp|rabbitmq|broker|celery|jdbc|sqlalchemy|smtp|ldap|elasticsearch|opensearch)$/;

/** A name that ends so is of something about a secret, which is none: `token_validity`, `secret_arn`, `password_policy`. */
const aboutSecrets = new Set(
  (
    "action age algorithm arn arns attempts audience backend behavior bits capacity characters claim claims class count " +
    "complexity date days description dir duration enabled encryption endpoint endpoints engine expiration expires expiry file format group " +
    "history hours id ids in interval issuer label length letters lifetime limit limits location lowercase manager max " +
    "method methods min minutes mode name names numbers optional parameter path period policies policy prefix provider " +
    "providers rate recovery ref reference required reset revocation role rotation rules scope scopes seconds size source stage status " +
    "store strategy suffix symbols timeout ttl type types unit units until uppercase usage use user username validity " +
    "verification version versions window"
  ).split(" "),
);
/** Names that only look like one. */
const notSecret = new Set([
  "http tokens", // EC2: whether the metadata service requires them
  "max tokens",
  "min tokens",
  "num tokens",
  "authorization",
  "secrets manager",
]);

/** `secret`: its value is one. `about`: it tells something of one, so that a value which isn't plain is taken for one. */
export type NameVerdict = "secret" | "about" | "plain";

const verdicts = new Map<string, NameVerdict>();

export function nameVerdict(name: string): NameVerdict {
  const remembered = verdicts.get(name);
  if (remembered !== undefined) return remembered;
  // Of a condition's key what stands behind the service or issuer: `token.actions.githubusercontent.com:aud`.
  const verdict = judged(wordsOf(name.replace(/^.*:(?=.)/s, "")));
  // A map's keys can be without number.
  if (verdicts.size < 10_000) verdicts.set(name, verdict);
  return verdict;
}

function judged(words: readonly string[]): NameVerdict {
  const last = words.at(-1) ?? "";
  if (notSecret.has(words.slice(-2).join(" "))) return "plain";
  if (!isTelling(words)) return "plain";
  return aboutSecrets.has(last) ? "about" : "secret";
}

function isTelling(words: readonly string[]): boolean {
  return words.some((word, index) => {
    if (secretWords.has(word) || secretEnding.test(word)) return true;
    const next = words[index + 1];
    if (next === undefined) return ["authorization", "pass", "pin", "webhook"].includes(word);
    if (secretPairs.has(`${word} ${next}`) || secretPairs.has(`${word} ${next.replace(/s$/, "")}`)) return true;
    if ((next === "key" || next === "keys") && !namingKeys.has(word)) return true;
    return databases.test(word) && /^(url|uri|dsn|pass|auth|conn|connection)$/.test(next);
  });
}

/** Names of maps of environment variables, and of what is used like them, beside those with the word `environment`. */
const environments = new Set(
  (
    "airflowconfigurationoptions buildarg buildargs connectionproperties connectorconfiguration defaultarguments envvars " +
    "nonoverridablearguments propertymap providerdetails stagevariables variables"
  ).split(" "),
);
const environmentWords = new Set(["env", "envs", "environment", "environments", "envvar", "envvars"]);
const notEnvironment = new Set(["file", "files", "name", "id", "ids", "arn", "type", "class", "account"]);

/** Whether a map or list of this name holds environment variables: Lambda's, ECS's, CodeBuild's, App Runner's, … */
export function isEnvironmentName(name: string): boolean {
  const words = wordsOf(name);
  if (environments.has(words.join(""))) return true;
  return words.some((word) => environmentWords.has(word)) && !notEnvironment.has(words.at(-1) ?? "");
}

/** Whether a map or list of this name holds HTTP headers with their values. */
export function isHeaderName(name: string): boolean {
  const last = wordsOf(name).at(-1);
  return last === "header" || last === "headers";
}

/** Whether a value of this name may look like a key, as it is a hash, a version or an identifier. */
export function isHashName(name: string): boolean {
  return wordsOf(name).some((word) =>
    /^(hash|digest|sha|sha\d+|md|etag|checksum|fingerprint|thumbprint|thumbprints|commit|revision|version|image|tag|id|ids|arn|arns|identifier)$/.test(
      word,
    ),
  );
}
