/** What the commands that plan have in common. */
import type { Command } from "commander";
import { interruptedBy } from "../../lib/interruption";
import { suggestion } from "../../lib/nearest";
import { project } from "../../lib/project";
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import type { AwsOptions } from "../../operations/aws";
import type { PlanningOptions } from "../../operations/deploy/planning";
import type { Explanation } from "../../operations/explain/explained";
import { explanationMarkdown } from "../../operations/explain/markdown";
import { explanationText } from "../../operations/explain/text";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import { type SynthesizedStack, synthesizeStacks } from "../../stacks/synthesize";
import { refuseOtherStates } from "../../terraform/named-state";
import { requireTerraform } from "../../terraform/prerequisites";
import { keptLockFile } from "../../terraform/provider-lock";
import { toolName } from "../../terraform/tool";
import { withAwsOptions } from "./aws";
import { exitCodes } from "./exit-codes";
import { type VarFileOption, variableFiles, withVarFile } from "./options";

export interface PlanCommandOptions extends VarFileOption, AwsOptions {
  readonly lock: boolean;
  readonly lockedProviders?: boolean;
  readonly json: boolean;
  readonly markdown: boolean;
}

export function withPlanning(command: Command): Command {
  return withAwsOptions(
    withVarFile(
      command
        .argument("[stack...]", "only these stacks (default: all)")
        .option("--no-lock", "don't lock the states: for credentials that may only read")
        .option("--locked-providers", `refuse providers that ${keptLockFile} doesn't lock, as CI does`, false)
        .option("--markdown", "print Markdown, for a comment", false),
    ),
  );
}

interface Begun {
  readonly stacks: readonly SynthesizedStack[];
  readonly settings: Settings;
  readonly planning: PlanningOptions;
}

export interface BeginOptions {
  /** What is planned in the place of the settings. @default these */
  readonly change?: (settings: Settings) => Settings;
  /** Where it is synthesized to. @default `cdktf.out` */
  readonly outdir?: string;
}

/** Synthesizes. From here on nothing that is written can be read by others. */
export async function beginPlanning(
  options: PlanCommandOptions,
  names: readonly string[],
  { change = (settings) => settings, outdir }: BeginOptions = {},
): Promise<Begun> {
  if (options.json && options.markdown) throw new UserError("--json and --markdown are both given: give one of them.");
  process.umask(0o077);
  putIntoEnvironment(options);
  const { settings } = loadSettings({ directory: project });
  const varFiles = variableFiles(options, settings);
  refuseOtherStates();
  await requireTerraform();
  const signal = interruptedBy(() => report(`Interrupted: waiting for ${toolName()} to end`));
  const stacks = chosen(synthesizeStacks(project, change(settings), outdir), names);
  refuseOtherStates(
    process.env,
    stacks.map(({ folder }) => folder),
  );
  const { lock, lockedProviders } = options;
  const lockedBy = lockedProviders ? project : undefined;
  return { stacks, settings, planning: { varFiles, pass: settings.terraformEnvironment, lock, lockedBy, signal } };
}

/** Where Terraform finds profile and region; keys that are there would come before a profile. */
function putIntoEnvironment({ profile, region }: AwsOptions): void {
  const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  if (profile !== undefined) for (const key of keys) delete process.env[key];
  Object.assign(process.env, profile && { AWS_PROFILE: profile }, region && { AWS_REGION: region });
}

function chosen(stacks: readonly SynthesizedStack[], names: readonly string[]): SynthesizedStack[] {
  const known = stacks.map(({ id }) => id);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no stack ${shown(unknown)}: ${suggestion(unknown, known, `there are ${known.join(" and ")}.`)}`,
    );
  }
  return stacks.filter(({ id }) => names.length === 0 || names.includes(id));
}

export function explanationIn({ json, markdown }: PlanCommandOptions, explained: Explanation): string {
  if (json) return JSON.stringify(explained, null, 2);
  return (markdown ? explanationMarkdown(explained) : explanationText(explained)).trimEnd();
}

/** Runs what an interruption may end; then the exit code says so. */
export async function endingInterrupted(signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal?.aborted !== true || !(error instanceof UserError)) throw error;
    report(error.message);
    process.exitCode = exitCodes.interrupted;
  }
}
