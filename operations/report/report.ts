/** From an explained plan and the stacks as they are synthesized to the page. */

import { withoutKeys } from "../../terraform/address";
import type { StackJson } from "../../terraform/synthesized";
import type { Explanation } from "../explain/explained";
import { page, placedItems, type SourcePlace } from "./page";
import { picture } from "./picture";

/** Where a construct is declared. */
export interface Source {
  readonly stack: string;
  /** Without instance keys. */
  readonly address: string;
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
}

export interface ReportOptions {
  readonly explained: Explanation;
  /** In the order of deployment; a plan is of the stack whose name it has. */
  readonly stacks: readonly StackJson[];
  readonly sources: readonly Source[];
  /** @returns the URL of a file of the project, at a line */
  readonly link: (file: string, line: number) => string;
}

/** @returns HTML */
export async function reportPage({ explained, stacks, sources, link }: ReportOptions): Promise<string> {
  const ids = stacks.map(({ id }) => id);
  // A kept plan that isn't final yet is `app.provisional`.
  const stackOf = (plan: string) => ids.find((id) => id === plan.replace(/\.provisional$/, ""));
  const items = placedItems(explained, stackOf);
  const isOfProject = explained.plans.some((plan) => stackOf(plan) !== undefined);
  const byAddress = new Map(sources.map((source) => [`${source.stack} ${source.address}`, source]));
  const sourceOf = ({ stack, item }: (typeof items)[number]): SourcePlace | undefined => {
    const source = byAddress.get(`${stack} ${withoutKeys(item.address)}`);
    return source && { text: `${source.file}:${source.line}`, href: link(source.file, source.line) };
  };
  return page({ explained, items, sourceOf, ...(isOfProject && { picture: await picture(stacks, items) }) });
}
