/**
 * What a version constraint of Terraform allows, as one range.
 * https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */

/** Major, minor, patch. */
type Version = readonly [number, number, number];

export interface VersionRange {
  readonly from: Version;
  /** Itself not in the range; undefined where there is no end. */
  readonly below?: Version;
  readonly except: readonly Version[];
}

const term = /^(=|!=|>=|<=|~>|>|<)?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-[\w.]+)?$/;

/** A pre-release counts as the release it comes before. */
function version(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text
    .replace(/[-+].*$/, "")
    .split(".")
    .map(Number);
  return [major, minor, patch];
}

function order(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

const next = ([major, minor, patch]: Version): Version => [major, minor, patch + 1];

function termRange(text: string): VersionRange {
  const [, operator = "=", major, minor, patch] = term.exec(text.trim()) ?? [];
  if (major === undefined) throw new Error(`Not a version constraint: ${text}`);
  const given: Version = [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
  const all = { from: [0, 0, 0] as const, except: [] };
  switch (operator) {
    case "!=":
      return { ...all, except: [given] };
    case ">":
      return { ...all, from: next(given) };
    case ">=":
      return { ...all, from: given };
    case "<":
      return { ...all, below: given };
    case "<=":
      return { ...all, below: next(given) };
    case "~>":
      return {
        ...all,
        from: given,
        below: patch === undefined ? [given[0] + 1, 0, 0] : [given[0], given[1] + 1, 0],
      };
    default:
      return { ...all, from: given, below: next(given) };
  }
}

/** @throws Error for what is no constraint */
export function versionRange(constraint: string): VersionRange {
  return constraint
    .split(",")
    .map(termRange)
    .reduce((one, other) => ({
      from: order(one.from, other.from) < 0 ? other.from : one.from,
      below: [one.below, other.below].filter((below) => below !== undefined).sort(order)[0],
      except: [...one.except, ...other.except],
    }));
}

/** Whether any version of the range lies in `[from, below)`. */
export function meets(range: VersionRange, from: string, below?: string): boolean {
  const common: VersionRange = {
    from: order(range.from, version(from)) < 0 ? version(from) : range.from,
    below: [range.below, below === undefined ? undefined : version(below)]
      .filter((one) => one !== undefined)
      .sort(order)[0],
    except: range.except,
  };
  let first = common.from;
  while (common.except.some((one) => order(one, first) === 0)) first = next(first);
  return common.below === undefined || order(first, common.below) < 0;
}

/** Whether a version is in the range. */
export function allows(range: VersionRange, text: string): boolean {
  return meets(range, text, next(version(text)).join("."));
}
