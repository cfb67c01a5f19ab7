/** For a team's additions: changes to what a stack's own constructs make, by address. */
import { Lazy, type TerraformElement, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { suggestion } from "../../lib/nearest";
import { shown, UserError } from "../../lib/user-error";
import { withoutKeys } from "../../terraform/address";

type Tree = { [key: string]: unknown };

/** What `setArgument` has set, by element: cdktf would let the second of two take the place of the first. */
const overrides = new WeakMap<TerraformElement, Tree>();

/**
 * @param scope a stack, or anything in it
 * @param address as Terraform prints it: `aws_sqs_queue.jobs`
 * @throws UserError where the stack makes no such resource
 */
export function resourceAt(scope: IConstruct, address: string): TerraformResource {
  const resources = scope.node.root.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
  const stack = scope.node.scopes.find((one) => "allocateLogicalId" in one) ?? scope;
  const own = resources.filter((one) => one.node.scopes.includes(stack));
  const byAddress = new Map(own.map((one) => [`${one.terraformResourceType}.${one.friendlyUniqueId}`, one]));
  const found = byAddress.get(withoutKeys(address));
  if (found !== undefined) return found;
  throw new UserError(
    `The stack ${stack.node.id} has no resource ${shown(address)}: ${suggestion(address, [...byAddress.keys()], "npm run addresses lists them.")}`,
  );
}

/**
 * Sets an argument, whatever the construct says.
 * @param path the argument's name, or the way to it: `["tags", "a.b"]`, `["rule", 0, "priority"]`
 * @param value in Terraform's own names; a list takes the place of the whole list; `undefined` leaves the argument out
 */
export function setArgument(
  scope: IConstruct,
  address: string,
  path: string | readonly (string | number)[],
  value: unknown,
): void {
  const resource = resourceAt(scope, address);
  const [name, ...rest] = (typeof path === "string" ? [path] : path).map(String);
  if (name === undefined) throw new UserError(`setArgument of ${address} got an empty path: name an argument.`);
  // JavaScript takes it for the object's prototype, not for a key.
  if ([name, ...rest].includes("__proto__")) {
    throw new UserError(`setArgument of ${address} got the key "__proto__", which can't be set.`);
  }
  const tree = overrides.get(resource) ?? {};
  overrides.set(resource, tree);
  let at = tree;
  let last = name;
  for (const key of rest) {
    const inner = at[last];
    at[last] = typeof inner === "object" && inner !== null ? inner : {};
    at = at[last] as Tree;
    last = key;
  }
  // cdktf would add a list's items to those that are there.
  at[last] = Array.isArray(value) ? Lazy.anyValue({ produce: () => value }) : value;
  resource.addOverride(name, tree[name]);
}

/** Takes a resource out of its stack, until the team is ready to create it. Nothing that stays may refer to it. */
export function leaveOut(scope: IConstruct, ...addresses: readonly string[]): void {
  for (const address of addresses) {
    const { node } = resourceAt(scope, address);
    node.scope?.node.tryRemoveChild(node.id);
  }
}
