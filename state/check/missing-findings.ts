/** What the stacks declare and the state lacks. */
import type { Claim } from "../../constructs/terraform/addressed-stack";
import { withoutKeys } from "../../terraform/address";
import { toolName } from "../../terraform/tool";
import type { StateDocument } from "../document";
import { resourceAddress } from "../inventory";
import type { StackId } from "../split-state";
import type { Declarations } from "./declared";
import { type Finding, type FindingContext, finding, type Plans } from "./finding";
import { whereToChange } from "./where-to-change";

/** Without a plan only whole resources are known to be missing; with one, instances are. */
export function missingFindings(
  whole: StateDocument,
  claims: readonly Claim[],
  plans: Plans,
  declarations: Declarations,
  context: FindingContext,
): Finding[] {
  const held = new Set(whole.resources.filter(({ instances }) => instances.length > 0).map(resourceAddress));
  return claims
    .filter(({ kind, address, stack }) => {
      return kind === "managed" && !held.has(address) && plans[stack as StackId] === undefined;
    })
    .map(({ address, stack }) => missing(address, stack as StackId, declarations, context));
}

export function missing(address: string, stack: StackId, declarations: Declarations, context: FindingContext): Finding {
  return finding(context, {
    kind: "missing",
    address,
    stack,
    consequence: `${toolName()} would create it`,
    detail: "the state has nothing like it",
    ...missingAdvice(withoutKeys(address), stack, declarations),
  });
}

function missingAdvice(
  block: string,
  stack: StackId,
  declarations: Declarations,
): Pick<Finding, "where" | "lines" | "imports"> {
  const place = whereToChange(block, undefined, stack);
  const declared = declarations.get(block);
  if (place !== `additions/${stack}.ts`) return { where: place, lines: [], imports: [] };
  if (declared === undefined || !declared.isReferred) {
    return {
      where: `${place}: leave it out until the split is done`,
      lines: [`leaveOut(${stack}, ${JSON.stringify(block)});`],
      imports: [`import { leaveOut } from "../constructs/terraform/arguments";`],
    };
  }
  // What others refer to has to be there.
  const { "//": _, ...arguments_ } = declared.block;
  const [type = "", name = ""] = block.split(".");
  const json = JSON.stringify({ resource: { [type]: { [name]: arguments_ } } });
  const isOfStack = /data\.terraform_remote_state\./.test(json);
  return {
    where: "the old module: create it there first, at this address (others of the stacks refer to it)",
    lines: isOfStack ? [] : [`${name}.tf.json: ${json}`],
    imports: [],
  };
}
