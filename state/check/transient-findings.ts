/** Moves, imports and removals that a plan would still carry out. */
import { parseAddress, steps } from "../../terraform/address";
import type { SourceBlock } from "../../terraform/source/block";
import { pendingMoves } from "../proof";
import { stackIds } from "../split-state";
import { addressInOld, blockOf, type Finding, type FindingContext, finding, type Plans } from "./finding";

export function transientFindings(plans: Plans, context: FindingContext): Finding[] {
  const ofOld = (plans.old === undefined ? [] : pendingMoves(plans.old, "old module")).map(({ address, from, what }) =>
    finding(context, {
      kind: "transient block",
      address,
      consequence: `the old module's own plan would ${what} it`,
      detail: from === undefined ? "" : `from ${from}`,
      where: "the old module: apply it first",
      oldModule: transientBlock(context, what, address) ?? blockOf(address, context),
    }),
  );
  const ofStacks = stackIds.flatMap((stack) => {
    const plan = plans[stack];
    return (plan === undefined ? [] : pendingMoves(plan)).map(({ address, from, what }) =>
      finding(context, {
        kind: "transient block",
        address,
        stack,
        consequence: `the plan would ${what} it`,
        detail: from === undefined ? "" : `from ${from}`,
        where: `additions/${stack}.ts: no moves, imports or removals until the split is done`,
      }),
    );
  });
  return [...ofOld, ...ofStacks];
}

/**
 * What is told of an object that the old module's next apply moves, imports or forgets goes with that: followed on its own, it
 * would be wrong afterwards.
 */
export function behindTransient(findings: readonly Finding[], plans: Plans, context: FindingContext): Finding[] {
  const causes = new Map<string, string>();
  for (const { address, from } of plans.old === undefined ? [] : pendingMoves(plans.old, "old module")) {
    causes.set(address, address);
    if (from !== undefined) causes.set(from, address);
  }
  return findings.map((one) => {
    const cause = causes.get(one.address) ?? causes.get(addressInOld(one.address, context));
    const isCause = one.kind === "transient block" || one.because !== null;
    return isCause || cause === undefined ? one : { ...one, where: "", lines: [], imports: [], because: cause };
  });
}

/** The block that says so. */
export function transientBlock({ source }: FindingContext, what: string, address: string): string | null {
  const words: Readonly<Record<string, readonly [string, string]>> = {
    move: ["moved", "to"],
    import: ["import", "to"],
    forget: ["removed", "from"],
  };
  const [type = "", argument = ""] = words[what] ?? [];
  const names = (text: string) => steps(text.trim())?.map(({ name }) => name) ?? [];
  // A module's own blocks speak of addresses within it.
  const { modules = [] } = parseAddress(address) ?? {};
  const blocks = [...modules, ""].flatMap((_, depth) => {
    const inner = names(address).slice(2 * depth);
    return source.blocksIn(modules.slice(0, depth), type).map((block) => ({ block, inner }));
  });
  const said = ({ attributes }: SourceBlock) => {
    const { constant, text = "" } = attributes.get(argument) ?? {};
    return names(String(constant ?? text));
  };
  const fitting = blocks.find(({ block, inner }) => {
    const path = said(block);
    return path.length > 0 && path.every((name, index) => inner[index] === name);
  });
  // A key that is worked out, as an import's with for_each, is no address that can be read.
  const [only, ...others] = blocks.filter(({ block }) => said(block).length === 0);
  const block = (fitting ?? (others.length === 0 ? only : undefined))?.block;
  return block === undefined ? null : `${block.file}:${block.line} (${type})`;
}
