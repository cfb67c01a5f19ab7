/** How a trial ends: about ten lines, whatever Terraform has said. */
import { listed } from "../../lib/listed";
import { table } from "../../lib/table";
import { outputsOf, type Replanned } from "./deployment";
import type { Shown } from "./path/show";

export interface TrialResult {
  /** How many instances were added, by stack. */
  readonly added: ReadonlyMap<string, number>;
  readonly replanned: readonly Replanned[];
  readonly path: Shown;
  /** The file with all of Terraform's text. */
  readonly log: string;
}

export function trialSummary({ added, replanned, path, log }: TrialResult): string {
  const outputs = Object.assign({}, ...replanned.map(({ plan }) => outputsOf(plan)));
  const services = Array.isArray(outputs.service_names) ? listed(outputs.service_names) : "";
  const counts = [...added].map(([stack, count]) => `${count} instances in ${stack}`).join(", ");
  const plans = replanned.flatMap(({ stack, changes }) => changes.map((change) => `${stack}: ${change}`));
  const [head = "", ...rows] = table(
    ["REQUESTS", "EXPECTED", "SEEN"],
    path.results.map(({ what, expected, seen }) => [what, expected, seen]),
  ).split("\n");
  return [
    ...part("Deployed", [
      counts,
      `cluster ${outputs.cluster_name} with ${services}; user pool ${outputs.user_pool_id}`,
    ]),
    ...part("Second plan", plans),
    ...part("", [head]),
    ...part("Through Envoy", [...rows, ...path.notShown]),
    ...part("Terraform", [`all that it said is in ${log}`]),
  ].join("\n");
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(13)}  ${line}`.trimEnd());
}
