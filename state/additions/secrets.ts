/** Texts of a module that must not come into a file that git takes: sensitive variables stand for them. */
import { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { nameVerdict } from "../../lib/secrecy/names";
import { isSecret, placeAt } from "../../lib/secrecy/policy";
import { holdsSecret } from "../../lib/secrecy/texts";
import { templateParts } from "../../terraform/hcl/template";
import type { Item } from "./item";
import { type Body, documentIn } from "./source";

/** Of a dynamic block, the place is in its content. */
function placeOf(body: Body, path: readonly string[], type: string) {
  if (path[0] !== "dynamic") return placeAt([body], path, type);
  const at = path.indexOf("content") + 2;
  const content = path.slice(0, at).reduce<unknown>((value, key) => (value as Body | undefined)?.[key], body);
  return at === 1 ? undefined : placeAt([content], path.slice(at), type);
}

const none = new KnownSecrets([]);

/** A type whose values are secrets, unless it says of itself that they aren't. */
function typeOf({ type, body }: Item): string {
  const isOpen = type === "aws_ssm_parameter" && /^String(List)?$/.test(String(body.type));
  return isOpen ? "" : type;
}

function isSecretText(value: string, item: Item, path: readonly string[]): boolean {
  const parts = templateParts(value);
  // Whatever the place is called, an expression is none; but a text around one may be.
  if (value === "" || parts.some(({ kind }) => kind !== "text")) {
    return holdsSecret(parts.map(({ kind, text }) => (kind === "text" ? text : "x")).join(""));
  }
  const place = placeOf(item.body, path, typeOf(item));
  // What is judged by its length alone is judged by its lines.
  const lines = value.length > 1000 ? value.split("\n") : [value];
  return place !== undefined && lines.some((line) => isSecret(line, place, none));
}

export class Secrets {
  /** Variables, with the place of the secret that each stands for. */
  readonly places = new Map<string, string>();

  /** @param taken names of variables that are there already */
  constructor(private readonly taken: ReadonlySet<string>) {}

  /** The item with variables in the place of its secrets. */
  without(item: Item): Item {
    if (item.kind === "var") return this.withoutDefault(item);
    const visit = (value: unknown, path: readonly string[]): unknown => {
      if (typeof value === "string") {
        return isSecretText(value, item, path) ? `\${var.${this.variable(item, path)}}` : value;
      }
      if (Array.isArray(value)) return value.map((one, at) => visit(one, [...path, String(at)]));
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]));
    };
    return { ...item, body: visit(item.body, []) as Body };
  }

  private withoutDefault(item: Item): Item {
    const { default: otherwise, ...rest } = item.body;
    const isNamed = nameVerdict(item.name) === "secret";
    const isSet = typeof otherwise === "string" ? otherwise !== "" : otherwise !== undefined && otherwise !== null;
    if (!isSet || !(rest.sensitive === true || isNamed)) return item;
    this.places.set(item.name, `the default of variable "${item.name}"`);
    return { ...item, body: { ...rest, sensitive: true } };
  }

  private variable({ kind, type, name, address }: Item, path: readonly string[]): string {
    const steps = path.filter((one) => !/^\d+$/.test(one) && documentIn({ [one]: null }) === undefined);
    const base = (kind === "local" ? steps : [name || type, ...steps]).join("_").replace(/\W/g, "_").toLowerCase();
    const place = `${address}: ${path.join(".")}`;
    for (const variable of candidates(base, type)) {
      const before = this.places.get(variable);
      if (before === place || (before === undefined && !this.taken.has(variable))) {
        this.places.set(variable, place);
        return variable;
      }
    }
    throw new Error("There is always a further number");
  }
}

function* candidates(base: string, type: string): Generator<string> {
  yield base;
  yield `${type}_${base}`.toLowerCase();
  for (let count = 2; ; count += 1) yield `${base}_${count}`;
}
