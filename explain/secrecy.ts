/**
 * What of a plan must not be printed. Terraform marks sensitive values, but only where it knows of them: a password that a
 * team puts into an ordinary argument is in clear. So a value is withheld where it is marked, where its name tells, and
 * where it holds a text that is marked anywhere else in the plan.
 */
import type { Plan, PlannedChange } from "../lib/terraform";

export const withheld = "(sensitive)";
/** In the place of the value after a change. */
export const withheldChanged = "(sensitive, changed)";

/** Arguments that hold secrets in clear all too often. `environment` is a Lambda function's. */
const telling =
  /pass(word|phrase|wd)|secret|token(?!_validity|_revocation)|private_key|credential|api_?key|user_data|^environment$|connection_(url|string)/i;

type Change = PlannedChange["change"];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return isObject(value) ? Object.values(value).flatMap(texts) : [];
}

/** The texts that a mask of Terraform's (`true` in a value of the same shape) marks. */
function marked(value: unknown, mask: unknown): string[] {
  if (mask === true) return texts(value);
  if (!isObject(mask) || !isObject(value)) return [];
  return Object.entries(mask).flatMap(([key, inner]) => marked(value[key], inner));
}

/** Takes the secrets of one plan out of texts. */
export class Secrecy {
  private readonly secrets: readonly string[];

  constructor(plan: Plan) {
    const changes = [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])].map(({ change }) => change);
    const outputs = Object.values(plan.output_changes ?? {}) as unknown as Change[];
    const ofChanges = [...changes, ...outputs].flatMap(({ before, after, before_sensitive, after_sensitive }) => [
      ...marked(before, before_sensitive),
      ...marked(after, after_sensitive),
    ]);
    const declared = plan.configuration?.root_module?.variables ?? {};
    const ofVariables = Object.entries(plan.variables ?? {})
      .filter(([name]) => declared[name]?.sensitive === true)
      .flatMap(([, { value }]) => texts(value));
    // JSON in an argument holds a value as JSON writes it.
    const all = [...ofChanges, ...ofVariables].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
    this.secrets = [...new Set(all)].filter((text) => text !== "").sort((a, b) => b.length - a.length);
  }

  /** A text without the secrets. A short one is taken out only as the whole: as a part it would be in any word. */
  clean(text: string): string {
    return this.secrets.reduce(
      (left, secret) => (left === secret ? withheld : secret.length < 6 ? left : left.replaceAll(secret, withheld)),
      text,
    );
  }

  /** The same change with what must not be printed taken out, before and after alike, so that a difference still shows. */
  cleanChange<Kind extends PlannedChange>(planned: Kind): Kind {
    const { before, after, before_sensitive, after_sensitive } = planned.change;
    const [cleanBefore, cleanAfter] = this.pair(before, after, before_sensitive, after_sensitive, "");
    return { ...planned, change: { ...planned.change, before: cleanBefore, after: cleanAfter } };
  }

  private pair(before: unknown, after: unknown, maskBefore: unknown, maskAfter: unknown, name: string): unknown[] {
    if (maskBefore === true || maskAfter === true || (telling.test(name) && (before ?? after) !== null)) {
      const same = JSON.stringify(before) === JSON.stringify(after);
      return [hidden(before, withheld), hidden(after, same ? withheld : withheldChanged)];
    }
    if (isObject(before) || isObject(after)) {
      const sides = [before, after].map((side) => (isObject(side) ? side : {}));
      const keys = [...new Set(sides.flatMap(Object.keys))];
      const pairs = keys.map((key) => {
        const [left, right] = sides.map((side) => side[key]);
        return this.pair(left, right, under(maskBefore, key), under(maskAfter, key), Array.isArray(after) ? name : key);
      });
      return [before, after].map((side, index) => {
        if (!isObject(side)) return typeof side === "string" ? this.clean(side) : side;
        const entries = keys.flatMap((key, at) => (key in side ? [[key, pairs[at]?.[index]] as const] : []));
        return Array.isArray(side) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
      });
    }
    const [left, right] = [before, after].map((side) => (typeof side === "string" ? this.clean(side) : side));
    // Two secrets that differ must not look the same.
    return before !== after && left === right && left === withheld ? [left, withheldChanged] : [left, right];
  }
}

function hidden(value: unknown, text: string): unknown {
  return value === null || value === undefined ? value : text;
}

function under(mask: unknown, key: string): unknown {
  return isObject(mask) ? mask[key] : undefined;
}
