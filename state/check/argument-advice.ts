/** How an argument is given the value that the old module has. */
import { parseAddress, withoutKeys } from "../../terraform/address";
import type { AttributeChange } from "../../terraform/plan-changes";
import type { StackId } from "../split-state";
import type { Declarations } from "./declared";
import { addressInOld, type FindingContext } from "./finding";
import { whereToChange } from "./where-to-change";

export interface Advice {
  readonly where: string;
  readonly lines: readonly string[];
  /** What the lines need. */
  readonly imports?: readonly string[];
}

const importLine = `import { setArgument } from "../constructs/terraform/arguments";`;

/**
 * @param wanted TypeScript of the value that the state has; undefined where it must not be shown
 * @param variable that the argument is made of, if it is of one alone
 */
export function argumentAdvice(
  stack: StackId,
  address: string,
  { keys, before }: AttributeChange,
  wanted: string | undefined,
  variable: string | undefined,
  declarations: Declarations,
): Advice {
  const addition = `additions/${stack}.ts`;
  const rule = whereToChange(address, keys.join("."), stack);
  if (rule !== addition) return { where: rule, lines: [] };
  if (variable !== undefined) {
    const isPlain = wanted !== undefined && /^("[^"\\]*"|[\d.-]+|true|false)$/.test(wanted);
    return { where: `variable ${variable}`, lines: isPlain ? [`${variable} = ${wanted}`] : [] };
  }
  const block = withoutKeys(address);
  const path = pathIn(declarations.get(block)?.block, keys);
  const value = before === null ? "undefined" : (wanted ?? "…");
  return { where: addition, imports: [importLine], lines: [setArgument(stack, block, path, value)] };
}

/** What the old module ignores, the stack has to ignore too. */
export function ignoredAdvice(stack: StackId, address: string, ignored: readonly string[]): Advice {
  const value = ignored.join() === "all" ? `"all"` : JSON.stringify(ignored);
  return {
    where: `additions/${stack}.ts`,
    imports: [importLine],
    lines: [setArgument(stack, withoutKeys(address), ["lifecycle", "ignore_changes"], value)],
  };
}

function setArgument(stack: StackId, address: string, path: readonly (string | number)[], value: string): string {
  const [only, ...more] = path;
  const written = more.length === 0 ? JSON.stringify(only) : `[${path.map((key) => JSON.stringify(key)).join(", ")}]`;
  return `setArgument(${stack}, ${JSON.stringify(address)}, ${written}, ${value});`;
}

/** The way to an argument in a synthesized block, where what can be there once is no list. */
function pathIn(block: unknown, keys: readonly string[]): (string | number)[] {
  const path: (string | number)[] = [];
  let at = block;
  for (const key of keys) {
    const isIndex = /^\d+$/.test(key) && path.length > 0;
    if (isIndex && !Array.isArray(at)) continue;
    path.push(isIndex ? Number(key) : key);
    at = typeof at === "object" && at !== null ? at[key as never] : undefined;
  }
  return path;
}

/** The paths of an old `ignore_changes` that cover a change, as they are written there. */
export function ignoredBy(
  address: string,
  keys: readonly string[],
  context: FindingContext,
): { readonly file: string; readonly line: number; readonly names: readonly string[] } | undefined {
  const parsed = parseAddress(addressInOld(address, context));
  const ignored = parsed === undefined ? undefined : context.source.ignoredChanges(parsed);
  if (ignored === undefined) return undefined;
  const { paths, value } = ignored;
  const isAll = paths.some(([first]) => first === "all" || first === "*");
  // Tags that are ignored are so in what the provider makes of them.
  const seen = keys[0] === "tags_all" ? ["tags", ...keys.slice(1)] : keys;
  const covers = (path: readonly string[]) => path.every((key, index) => seen[index] === key);
  if (!isAll && !paths.some(covers)) return undefined;
  const texts = (value.items ?? [value]).map(({ constant, text }) => String(constant ?? text));
  return { file: value.file, line: value.line, names: isAll ? ["all"] : texts };
}
