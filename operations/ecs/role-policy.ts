/**
 * What a role's own policies say of an action. Boundaries, policies of the organization and of the resource are not among them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { isLike, list, type OneOrMore } from "./trust-policy";

export interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: object;
}

/** The statements of a policy's document; undefined where it can't be read before a plan. */
export type Policy = readonly PolicyStatement[] | undefined;

export function policyOf(document: unknown): Policy {
  const { Statement } = (document ?? {}) as { Statement?: PolicyStatement | readonly PolicyStatement[] };
  return Statement === undefined ? undefined : list(Statement);
}

const unknownPart = "\u0000";

/** @returns undefined where a pattern has a part that isn't known here: a policy variable, or what only a plan tells */
function matches(patterns: readonly string[], value: string): boolean | undefined {
  let maybe = false;
  for (const pattern of patterns) {
    const open = pattern.replace(/\$\{[^}]*\}/g, unknownPart);
    if (!open.includes(unknownPart)) {
      if (isLike(open, value)) return true;
    } else if (isLike(open.replaceAll(unknownPart, "*"), value)) maybe = true;
  }
  return maybe ? undefined : false;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** Whether a statement is about the action on the resource. */
function isAbout(statement: PolicyStatement, action: string, resource: string): boolean | undefined {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const lower = (actions: OneOrMore | undefined) => list(actions).map((one) => one.toLowerCase());
  const parts = [
    NotAction === undefined
      ? matches(lower(Action), action.toLowerCase())
      : not(matches(lower(NotAction), action.toLowerCase())),
    NotResource === undefined ? matches(list(Resource), resource) : not(matches(list(NotResource), resource)),
    Condition === undefined || Object.keys(Condition).length === 0 ? true : undefined,
  ];
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** @returns whether the policies allow the action; undefined where it can't be told */
export function isAllowed(policies: readonly Policy[], action: string, resource: string): boolean | undefined {
  const statements = policies.flatMap((policy) => policy ?? []);
  const of = (effect: string) =>
    statements.filter(({ Effect }) => Effect === effect).map((one) => isAbout(one, action, resource));
  const [denials, permissions] = [of("Deny"), of("Allow")];
  if (denials.includes(true)) return false;
  if (permissions.includes(true)) return denials.includes(undefined) ? undefined : true;
  return permissions.includes(undefined) || policies.includes(undefined) ? undefined : false;
}
