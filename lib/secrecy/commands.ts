/** Credentials on command lines. */
import { nameVerdict } from "./names";
import { isPlaceholder } from "./placeholder";

/** Programs whose short options take a password, or a user and a password. */
const options: readonly { readonly programs: RegExp; readonly option: RegExp }[] = [
  { programs: /^(curl|http|https|xh)$/, option: /^(-u|-U|--user|--proxy-user|-a|--auth|-E|--cert|-b|--cookie)$/ },
  { programs: /^(wget)$/, option: /^(--user|--password)$/ },
  {
    programs: /^(docker|podman|buildah|skopeo|crane|oras|helm|az|oc|nerdctl)$/,
    option: /^(-p|--creds|--dest-creds|--src-creds)$/,
  },
  {
    programs:
      /^(mongo|mongosh|mongodump|mongorestore|sshpass|mysqladmin|sqlcmd|isql|cqlsh|7z|zip|unzip|twine|useradd|usermod|mosquitto_pub|mosquitto_sub|ssh-keygen|snowsql|ipmitool|svn)$/,
    option: /^(-p|-P|-N)$/,
  },
  { programs: /^(redis-cli|valkey-cli)$/, option: /^(-a|-u)$/ },
  { programs: /^(ldapsearch|ldapadd|ldapmodify|ldapwhoami)$/, option: /^-w$/ },
  { programs: /^(smbclient|rpcclient|nxc)$/, option: /^-U$/ },
  { programs: /^lftp$/, option: /^-u$/ },
  { programs: /^(htpasswd)$/, option: /^-[a-zA-Z]*b[a-zA-Z]*$/ },
  { programs: /^(openssl)$/, option: /^-(pass|passin|passout|k|K)$/ },
];

/** `-p` with something right behind it that is an option of its own: `-path`, `-port=80`, `-parallel`. */
const plainP =
  /^-p(arallel\w*|arents?|aram\w*|ath|ackage|age|eriod|id\w*|ixel\w*|latform|lugin\w*|ort\w*|refix|rint\d?|rofile|roject|rotocol|roxy|thread|ublish|ublic|rop\w*|erm|rune|edantic|ipe|reset|riority|rocess\w*|[\d:.,/-]*)([=:].*)?$/i;

/** The words of a command line, as a shell splits them. */
function shellSplit(text: string): string[] {
  return (text.match(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? []).map((word) => word.replace(/["']/g, ""));
}

function isValue(word: string | undefined): boolean {
  return (
    word !== undefined &&
    word !== "" &&
    !word.startsWith("-") &&
    !isPlaceholder(word) &&
    !/^[\d.:]+(\/[a-z]+)?$/.test(word)
  );
}

const statements = [
  /\b(?:AUTH|requirepass|masterauth)\s+\S{4,}/,
  /\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+\S/i,
  /\bpassword\s+'/i,
  /\bpassword\b[\w\s@%.'"`()-]{0,80}=\s*(?:password\()?\s*'/i,
  /\bnet\s+use\b.*\/user:/i,
];

/** Reads a password from what another command writes. */
const fromInput = /--\S*stdin\b|\bsudo\s+(?:-\w+\s+)*-\w*S\b|\bchpasswd\b|\bpasswd\b/;

function isWrittenOut(text: string): boolean {
  if (!fromInput.test(text)) return false;
  const written = /(?:\b(?:echo|printf)\s+(?:-\w+\s+)*|<<<\s*)["']?([^\s"'|;&]+)/.exec(text)?.[1];
  return written !== undefined && !isPlaceholder(written.replace(/^\w+:/, ""));
}

/** `NAME=value`: what a variable holds is told nowhere. */
function isVariable(word: string): boolean {
  const value = /^[A-Z_][A-Z\d_]*=(\S+)$/.exec(word)?.[1];
  return value !== undefined && !isPlaceholder(value) && !/^(\d+|true|false)$/.test(value);
}

/** Subcommands that take one. */
const takers = /^(add_user|adduser|login|obscure|put-parameter|create-secret|put-secret-value|update-secret|secret)$/;

/** `password x`, `aws_secret_access_key x`, `login x`: a word that tells, and one that may be the value. */
function isToldByWord(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const name = word.split(/[/:]/).at(-1) ?? "";
    const isTelling = index > 0 && !word.startsWith("-") && /^[\w-]+$/.test(name);
    if (!isTelling || !(takers.test(name) || nameVerdict(name) === "secret")) return false;
    return words
      .slice(index + 1)
      .some(
        (value) => isValue(value) && /^[^\s/|;&<>(){}[\]]+$/.test(value) && !/^\w+\.(ya?ml|json|py|js|sh)$/.test(value),
      );
  });
}

/**
 * Whether a command line, or what a shell is given to run, has a credential in clear.
 * @param isCommand whether it is one for certain, and no sentence about one
 */
export function hasCredentials(text: string, isCommand = false): boolean {
  if (!/[\s=-]/.test(text)) return false;
  if (statements.some((pattern) => pattern.test(text)) || isWrittenOut(text)) return true;
  const words = shellSplit(text);
  if (isCommand && isToldByWord(words)) return true;
  const programs = words.map((word) => word.replace(/^.*\//, ""));
  return words.some((word, index) => {
    // What a shell is given to run: sh -c "…".
    if (/\s/.test(word) && word.length < text.length && hasCredentials(word, isCommand)) return true;
    const next = words[index + 1];
    // -psecret of the MySQL clients, and of whatever takes after them.
    if (/^-p[^\s]{3,}$/i.test(word) && !plainP.test(word) && !isPlaceholder(word.slice(2))) return true;
    const [, option, value] = /^--?([a-zA-Z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (option !== undefined && option.length > 1 && nameVerdict(option) === "secret") {
      if (value === undefined ? isValue(next) : value !== "" && !isPlaceholder(value)) return true;
    }
    if (/^-[uU]\S+:\S+$/.test(word)) return true;
    if (isCommand && isVariable(word)) return true;
    if (/^--from-literal(=|$)/.test(word)) return true;
    if (isCommand && /^-[pP]$/.test(word) && isValue(next) && /^(?=.*[a-z])(?=.*\d)[^/:.]{6,}$/i.test(next ?? ""))
      return true;
    return options.some(({ programs: pattern, option: short }) => {
      if (!short.test(word) || !isValue(next)) return false;
      return programs.slice(0, index).some((program) => pattern.test(program));
    });
  });
}

/** Letters and digits in one, and no secret: names of programs, formats and sizes. */
const mixedWord =
  /^(?:(?:python|pip|php|java|jdk|node|nodejs|perl|ruby|lua|sqlite|postgres|postgresql|mysql|ipv|utf|iso|sha|hmac|md|base|blake|http|tls|tlsv|ssl|sslv|socks|oauth|x86|amd|arm|aarch|linux|win|int|uint|float|latin|gzip|bzip|log4j|route|cp|vt|xterm|xlarge|worker|queue|shard|instance|cluster|service|stage|server|client|backend|frontend|index|batch|thread|threads|level|max|min|version|release|build|step|phase|part|page|port)\d{1,5}|Xm[xsn]\d+[kmg]?|Xss\d+[kmg]?|\d+(?:ms|[smhdkmgtb]|[kmgt]i?b|min|x|xlarge|st|nd|rd|th))$/i;

function isPlainChunk(chunk: string): boolean {
  return /^(?:\p{L}*|\d{1,14})$/u.test(chunk) || chunk.length <= 5 || mixedWord.test(chunk);
}

/**
 * Whether each word of a command line is one that people write: letters, numbers, names. One that mixes letters and digits may be a
 * password, whatever takes it.
 */
export function isPlainCommand(text: string): boolean {
  const words = text
    .replace(/\$\{?\w+\}?|%\w+%/g, " ")
    .replace(/\b[a-z][a-z\d]{0,9}-(?:[\da-f]{8}|[\da-f]{17})\b/g, " ");
  return words.split(/[^\p{L}\d]+/u).every(isPlainChunk);
}
