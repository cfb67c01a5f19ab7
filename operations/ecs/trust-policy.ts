/**
 * Whether ECS may assume a role for its tasks, by the role's trust policy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export type OneOrMore = string | readonly string[];

interface Statement {
  readonly Effect?: string;
  readonly Action?: OneOrMore;
  readonly Principal?: string | Readonly<Record<string, OneOrMore>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface TaskOrigin {
  readonly accountId: string;
  readonly region: string;
  readonly cluster: string;
}

export function list<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as Item];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String */
export function isLike(pattern: string, value: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s").test(value);
}

const principal = "ecs-tasks.amazonaws.com";

function isForTasks({ Action, Principal }: Statement): boolean {
  const services = typeof Principal === "string" ? [Principal] : list(Principal?.Service);
  return (
    list(Action).some((action) => isLike(action.toLowerCase(), "sts:assumerole")) &&
    services.some((service) => service === "*" || service === principal)
  );
}

/** What ECS sends is a value; what a service never sends is "absent"; what can't be told from here is undefined. */
function sentValue(key: string, { accountId, region, cluster }: TaskOrigin): string | undefined {
  const name = key.toLowerCase();
  if (name === "aws:sourceaccount") return accountId;
  if (name === "aws:sourcearn") return `arn:aws:ecs:${region}:${accountId}:task/${cluster}/${"0".repeat(32)}`;
  return name.startsWith("aws:") || name === "sts:rolesessionname" ? undefined : "absent";
}

/**
 * One condition, with the rules for a key that isn't sent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @returns undefined where it can't be told
 */
function conditionHolds(operator: string, key: string, wanted: OneOrMore, origin: TaskOrigin): boolean | undefined {
  const value = sentValue(key, origin);
  if (value === undefined) return undefined;
  const isAbsent = value === "absent";
  if (operator === "Null") return list(wanted).map(String).includes(String(isAbsent));
  const negated = /Not/.test(operator);
  if (isAbsent) return negated || /IfExists$/.test(operator) || operator.startsWith("ForAllValues:");
  const [, kind, suffix = ""] =
    /(?:^|:)(String|Arn)(?:Not)?(Equals|EqualsIgnoreCase|Like)(?:IfExists)?$/.exec(operator) ?? [];
  if (kind === undefined) return undefined;
  const matches = (one: string) => {
    if (kind === "Arn" || suffix === "Like") return isLike(one, value);
    return suffix === "EqualsIgnoreCase" ? one.toLowerCase() === value.toLowerCase() : one === value;
  };
  return list(wanted).some(matches) !== negated;
}

function holds({ Condition = {} }: Statement, origin: TaskOrigin): boolean | undefined {
  const all = Object.entries(Condition).flatMap(([operator, values]) =>
    Object.entries(values).map(([key, wanted]) => conditionHolds(operator, key, wanted, origin)),
  );
  if (all.includes(false)) return false;
  return all.includes(undefined) ? undefined : true;
}

/** The conditions that keep ECS out, as `OPERATOR KEY`. */
function obstacles(statements: readonly Statement[], origin: TaskOrigin): string {
  const found = statements.flatMap(({ Condition = {} }) =>
    Object.entries(Condition).flatMap(([operator, values]) =>
      Object.entries(values)
        .filter(([key, wanted]) => conditionHolds(operator, key, wanted, origin) === false)
        .map(([key]) => `${operator} ${key}`),
    ),
  );
  return [...new Set(found)].join(", ");
}

/** @returns undefined where tasks may assume the role, or it can't be told; else why not */
export function whyNotAssumable(trustPolicy: string, origin: TaskOrigin): string | undefined {
  let statements: readonly Statement[];
  try {
    statements = list<Statement>(JSON.parse(trustPolicy).Statement).filter(isForTasks);
  } catch {
    return "its trust policy is no JSON";
  }
  const allowing = statements.filter(({ Effect }) => Effect === "Allow");
  if (allowing.length === 0) return `its trust policy doesn't let ${principal} assume it`;
  if (statements.some((one) => one.Effect === "Deny" && holds(one, origin) === true)) {
    return `its trust policy denies it to ${principal}`;
  }
  if (allowing.some((one) => holds(one, origin) !== false)) return undefined;
  const { accountId, region } = origin;
  return `its trust policy is for another account or region than ${accountId}, ${region}, or asks for what ECS doesn't send: ${obstacles(allowing, origin)}`;
}
