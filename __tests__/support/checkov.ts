/** What checkov fails of plans. */
import { runProcess } from "../../lib/run-process";
import { checkovCommand } from "../../tools/checkov";
import { project } from "./project";

interface Report {
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[];
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

export interface OpenCheck {
  readonly check: string;
  /** Of a resource in a plan; one that is made by for_each or count is one each. */
  readonly address: string;
}

/**
 * Offline: without the severities and guides of a platform.
 * @param files plans as `terraform show -json` prints them
 */
export async function openChecks(files: readonly string[]): Promise<OpenCheck[]> {
  const command = await checkovCommand(project);
  const args = files.flatMap((file) => ["--file", file]);
  const { stdout, stderr } = await runProcess(
    command,
    ["--framework", "terraform_plan", "--skip-download", "--quiet", "--compact", "--output", "json", ...args],
    { environment: { ...process.env, LOG_LEVEL: "ERROR" } },
  );
  if (!/^\s*[[{]/.test(stdout)) throw new Error(`checkov said: ${stdout}${stderr}`);
  const parsed: Report | readonly Report[] = JSON.parse(stdout);
  const reports = "results" in parsed ? [parsed] : parsed;
  if (reports.some(({ summary }) => summary.parsing_errors > 0 || summary.passed === 0))
    throw new Error(`checkov could not read ${files.join(", ")}`);
  return reports.flatMap(({ results }) =>
    results.failed_checks.map(({ check_id: check, resource: address }) => ({ check, address })),
  );
}

/** How often each check fails, by its id. */
export function counted(open: readonly OpenCheck[]): Record<string, number> {
  const ids = open.map(({ check }) => check).sort();
  return Object.fromEntries([...new Set(ids)].map((id) => [id, ids.filter((one) => one === id).length]));
}
