/**
 * The one answer to whether a value may be printed. Terraform and providers mark some secrets; others lie in clear where
 * nobody marks them: in environment variables, URLs, commands, documents. So a value is withheld where it is marked, where
 * its name or place tells, where it holds a secret by its looks, and where it holds a text that is known to be one. What is
 * none of these is shown, or an explanation would be worth nothing.
 */
import { hasCredentials, isPlainCommand } from "./commands";
import { type KnownSecrets, parsedJson } from "./known-secrets";
import { isEnvironmentName, isHashName, isHeaderName, type NameVerdict, nameVerdict } from "./names";
import { holdsSecret, isArn } from "./texts";

/** Where a value stands: its key, what has that key before and after the change, and where that stands. */
export interface Place {
  /** Name of an argument or key, or the index in a list. */
  readonly key: string;
  readonly holders: readonly unknown[];
  readonly parent?: Place;
  /** Of the resource: `aws_ssm_parameter`. */
  readonly type?: string;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** The place that a path leads to, in the values before and after. */
export function placeAt(roots: readonly unknown[], path: readonly string[], type?: string): Place | undefined {
  let holders = roots;
  let place: Place | undefined;
  for (const key of path) {
    place = { key, holders, parent: place, type };
    holders = contentsOf(place);
  }
  return place;
}

/** What stands at a place, before and after; documents in JSON as what they say. */
export function contentsOf({ key, holders }: Place): unknown[] {
  return holders.map((holder) => {
    const content = isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
    return parsedJson(content) ?? content;
  });
}

/** The place and those around it, without list indices, the nearest first. */
function namedPlaces(place: Place): Place[] {
  const places: Place[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    if (!at.holders.some(Array.isArray)) places.push(at);
  }
  return places;
}

/** The objects that a map, a block or a list of blocks consists of. */
function objectsIn(content: unknown): Fields[] {
  return (Array.isArray(content) ? content : [content]).filter((item) => isObject(item) && !Array.isArray(item));
}

/** A block that has the variables beside other things, as Lambda's and CodeBuild's: what it has else is no variable. */
function isBlockOfVariables(objects: readonly Fields[]): boolean {
  return objects.some((object) =>
    Object.entries(object).some(([key, value]) => isObject(value) && (isEnvironmentName(key) || key === "Variables")),
  );
}

const nameKeys = [
  "name",
  "Name",
  "key",
  "Key",
  "header",
  "header_name",
  "http_header_name",
  "id",
  "parameter_key",
  "ParameterKey",
];
const valueKey = /^(value|values|string_?value|default_?value|parameter_?value|plaintext_?value)$/i;

/** Of `{name = "TOKEN", value = "x"}` the name that goes with a value. */
function namedBeside({ key, holders }: Place): string | undefined {
  if (!valueKey.test(key)) return undefined;
  for (const holder of holders) {
    const name = isObject(holder)
      ? nameKeys.map((one) => holder[one]).find((one) => typeof one === "string")
      : undefined;
    if (name !== undefined) return String(name);
  }
  return undefined;
}

/** Whether a place is within variables or headers, and holds the value of one rather than its name. */
function isInVariables(places: readonly Place[]): boolean {
  const [leaf, ...around] = places;
  if (leaf === undefined) return false;
  // Elastic Beanstalk: {namespace = "aws:elasticbeanstalk:application:environment", name, value}.
  const namespaces = leaf.holders.map((holder) => (isObject(holder) ? holder.namespace : undefined));
  if (valueKey.test(leaf.key) && namespaces.some((name) => /:environment$/.test(String(name)))) return true;
  return [leaf, ...around].some((place, index) => {
    if (isExport(place)) return true;
    const [environment, headers] = [isEnvironmentName(place.key), isHeaderName(place.key)];
    if (!environment && !headers) return false;
    const contents = contentsOf(place);
    const objects = contents.flatMap(objectsIn);
    if (objects.length === 0) {
      // A list of "NAME=value".
      return environment && contents.some((content) => Array.isArray(content) && content.length > 0);
    }
    if (environment && isBlockOfVariables(objects)) return false;
    const entry = leaf.holders.some(
      (holder) => isObject(holder) && Object.keys(holder).some((one) => valueKey.test(one)),
    );
    return !(index > 0 && entry && !valueKey.test(leaf.key));
  });
}

/** `{name = "a", value = "x", is_value_secret = true}` */
function isMarkedBeside({ key, holders }: Place): boolean {
  if (!valueKey.test(key)) return false;
  return holders.some(
    (holder) =>
      isObject(holder) &&
      Object.entries(holder).some(([flag, value]) => value === true && /secret|sensitive|secure|encrypted/i.test(flag)),
  );
}

/** EMR's: `{Classification = "export", Properties = {NAME = "value"}}` */
function isExport({ key, holders }: Place): boolean {
  return (
    /^properties$/i.test(key) &&
    holders.some(
      (holder) => isObject(holder) && /^(export|.*-env)$/.test(String(holder.Classification ?? holder.classification)),
    )
  );
}

/** Arguments that hold secrets in some types only, and texts in which anything can stand. */
function isSecretOfType({ key, type = "" }: Place, places: readonly Place[]): boolean {
  const root = places.at(-1)?.key ?? key;
  if (type === "aws_ssm_parameter") return root === "value" || root === "insecure_value";
  if (type === "aws_lambda_invocation") return root === "input" || root === "result";
  if (nameVerdict(type) !== "plain") {
    return /^(data|data_json|key|value|values|result|payload|plaintext\w*|content\w*|binary_data|string_data|json)$/.test(
      root,
    );
  }
  return places.some((place) => /^(content|content_base64|sensitive_content|search_string)$/.test(place.key));
}

/** What these are called holds numbers and units, whatever the names in them: `token_validity_units.access_token`. */
const measures = /(validity|units|ttl|lifetime|expiry|expiration|duration|revocation)$/;

function verdictOf(places: readonly Place[]): NameVerdict {
  if (places.slice(1).some(({ key }) => measures.test(key) && nameVerdict(key) === "about")) return "about";
  const [leaf] = places;
  // The name in {name, value} or {name, valueFrom} is shown, whatever has it.
  const named = leaf?.holders.some(
    (holder) => isObject(holder) && Object.keys(holder).some((key) => /^value/i.test(key)),
  );
  if (named && /^name$/i.test(leaf?.key ?? "")) return "plain";
  for (const place of places) {
    const beside = namedBeside(place);
    const verdict = beside === undefined ? "plain" : nameVerdict(beside);
    if (verdict !== "plain") return verdict;
    const own = nameVerdict(place.key);
    if (own !== "plain") return own;
  }
  return "plain";
}

const commandName = /^(cmd|cmds|args|arguments|entry_?point|exec|script|scripts)$|commands?$/i;
/** What may be one, too. */
const otherCommandName = /^parameters$/i;

/** Whether a command line that is here, or a list of its words, has a credential in it. */
function isInCommand({ key, holders }: Place, places: readonly Place[]): boolean {
  const isCommand = places.some((place) => commandName.test(place.key) || otherCommandName.test(place.key));
  return holders.some((holder) => {
    const content = Array.isArray(holder) ? holder : isObject(holder) && isCommand ? [holder[key]] : [];
    const isLine = content.length > 0 && content.every((word) => typeof word === "string" || typeof word === "number");
    if (!isLine || (content.length < 2 && !isCommand)) return false;
    const line =
      content.length < 2
        ? String(content[0])
        : content.map((word) => (/\s/.test(String(word)) ? `"${word}"` : word)).join(" ");
    return hasCredentials(line, isCommand);
  });
}

/**
 * Whether the value at a place must not be printed.
 * @param value anything but an object or a list: those are judged by what is in them
 */
export function isSecret(value: unknown, place: Place, known: KnownSecrets): boolean {
  if (value === null || value === undefined || value === "" || typeof value === "boolean") return false;
  const places = namedPlaces(place);
  if (isInVariables(places) || isMarkedBeside(place) || isSecretOfType(place, places)) return true;
  const verdict = verdictOf(places);
  if (typeof value === "number") return verdict === "secret";
  if (typeof value !== "string") return false;
  if (known.isIn(value)) return true;
  if (isArn(value)) return false;
  if (verdict === "secret" || isInCommand(place, places)) return true;
  if (places.some(({ key }) => commandName.test(key)) && !isPlainCommand(value)) return true;
  const [leaf] = places;
  const hashes = leaf !== undefined && (isHashName(leaf.key) || isHashName(namedBeside(leaf) ?? ""));
  // Longer ones are never shown, and would take their time.
  if (value.length > 1000) return true;
  return holdsSecret(value, { strict: verdict === "about", hashes });
}
