/** Says of each hardening step that isn't taken what it would change in the team's stacks, from a real plan. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { OutageError } from "../hardening";
import type { Step } from "../hardening/step";
import { levelOf, steps, stepsBefore } from "../hardening/steps";
import { project } from "../lib/project";
import { report } from "../lib/report";
import { shown, UserError } from "../lib/user-error";
import { explained } from "../operations/deploy/explained";
import { Planning } from "../operations/deploy/planning";
import type { Explanation } from "../operations/explain/explained";
import {
  changesOf,
  restartedBy,
  type StackJson,
  type StepChange,
  touchedBy,
} from "../operations/hardening/attribution";
import { splitStackIds } from "../services/names";
import { type HardeningStep, hardeningLevels, hardeningStepNames, takenSteps } from "../settings/hardening";
import type { Settings } from "../settings/schema";
import { synthesizedJson } from "../stacks/synthesize";
import { performOnAws, withAwsOptions } from "./shared/aws";
import { newCommand } from "./shared/command";
import { exitCodes } from "./shared/exit-codes";
import { withJson, withVarFile } from "./shared/options";
import { beginPlanning, endingInterrupted, type PlanCommandOptions } from "./shared/plans";

interface Options extends PlanCommandOptions {
  readonly level?: number;
}

interface ToldStep extends Omit<Step, "apply" | "problems"> {
  readonly level: number;
  /** Why it would be an outage now: then it isn't planned. */
  readonly refused: readonly string[];
  readonly changes: readonly StepChange[];
  /** Services whose tasks are replaced. */
  readonly restarts: readonly string[];
}

const command = withAwsOptions(
  withVarFile(
    withJson(
      newCommand(
        "npm run harden --",
        "Says what each hardening step that isn't taken yet would change in your stacks, from a real plan. Applies nothing, and leaves settings and cdktf.out as they are.",
        {
          done: "no step is left up to that level, or none would change anything",
          differs: "a step would change something",
          destroys: "a step would destroy or replace something",
          interrupted: "interrupted by Ctrl-C",
        },
      )
        .option(
          "--level <level>",
          "steps up to this level: 1, 2 or 3 (default: the one after the setting's)",
          levelNumber,
        )
        .option("--no-lock", "don't lock the states: for credentials that may only read"),
      "{level, steps: [{name, level, sets, plan, effect, cost, needs, closes, back, follows, refused, changes: [{plan, address, action, arguments}], restarts}]}",
    ),
  ),
);

function levelNumber(text: string): number {
  const level = hardeningLevels.find((one) => String(one) === text);
  if (level === undefined) throw new UserError(`--level is ${shown(text)}: give ${hardeningLevels.join(", ")}.`);
  return level;
}

function withSteps(settings: Settings, names: readonly HardeningStep[]): Settings {
  const on = Object.fromEntries(names.map((name) => [name, true]));
  return { ...settings, hardening: { ...settings.hardening, steps: { ...settings.hardening.steps, ...on } } };
}

/** What a step does to the stacks, or why it can't be taken. @param without the stacks as they are */
function tried(settings: Settings, name: HardeningStep, without: readonly StackJson[]) {
  const first = stepsBefore(name);
  try {
    const before = first.length === 0 ? without : synthesizedJson(project, withSteps(settings, first));
    const after = synthesizedJson(project, withSteps(settings, [...first, name]));
    return { touched: touchedBy(before, after), refused: [] };
  } catch (error) {
    if (!(error instanceof OutageError)) throw error;
    return { touched: undefined, refused: error.problems.map(({ problem }) => problem) };
  }
}

function toldStep(name: HardeningStep, refused: readonly string[], changes: readonly StepChange[], whole: Explanation) {
  const { apply: _apply, problems: _problems, ...step } = steps[name];
  return { ...step, level: levelOf(step), refused, changes, restarts: restartedBy(whole, changes) };
}

function textOf({ name, level, cost, costWhy, refused, changes, restarts, ...step }: ToldStep): string {
  const rows: [string, string][] = [
    ["sets", step.sets],
    ...refused.map((why): [string, string] => ["REFUSED", why]),
    ...changes.map(({ plan, address, action, destructive, arguments: names }): [string, string] => [
      destructive ? "!! plan" : "plan",
      [action, address, ...(names.length > 0 ? [`(${names.join(", ")})`] : []), `[${plan}]`].join(" "),
    ]),
    ...(refused.length + changes.length === 0 ? [["plan", "nothing changes"] as [string, string]] : []),
    ["restarts", restarts.length === 0 ? "no task" : restarts.join(", ")],
    ["effect", step.effect],
    ["cost", costWhy === undefined ? cost : `${cost}: ${costWhy}`],
    ...(step.needs === undefined ? [] : [["needs", step.needs] as [string, string]]),
    ...(step.closes === undefined ? [] : [["closes", step.closes.join(", ")] as [string, string]]),
    ["back", step.back ?? "Leave the step out again."],
  ];
  return [`${name} (level ${level})`, ...rows.map(([word, text]) => `  ${word.padEnd(9)} ${text}`)].join("\n");
}

function summaryOf(told: readonly ToldStep[], level: number): string {
  if (told.length === 0) return `Every step up to level ${level} is taken.`;
  const of = (some: readonly unknown[], one: string) => `${some.length} ${one}${some.length === 1 ? "" : "s"}`;
  const destructive = told.filter(({ changes }) => changes.some((change) => change.destructive));
  const refused = told.filter((step) => step.refused.length > 0);
  const restarting = new Set(told.flatMap(({ restarts }) => restarts));
  return [
    `${of(told, "step")} up to level ${level} ${told.length === 1 ? "is" : "are"} not taken.`,
    destructive.length === 0
      ? "Nothing is destroyed or replaced."
      : `DESTROYED or replaced by: ${destructive.map(({ name }) => name).join(", ")}.`,
    restarting.size === 0 ? "No task restarts." : `Tasks restart of: ${[...restarting].join(", ")}.`,
    ...(refused.length === 0 ? [] : [`Refused: ${refused.map(({ name }) => name).join(", ")}.`]),
  ].join(" ");
}

const outdir = join(project, ".cache", "hardening");

/** Terraform keeps there which backend it has seen, and refuses another one; nothing is deployed from here. */
function forgetBackends(): void {
  for (const id of splitStackIds)
    rmSync(join(outdir, "stacks", id, ".terraform", "terraform.tfstate"), { force: true });
}

performOnAws<Options>(command, async (options) => {
  let level = options.level ?? 0;
  const trials = new Map<HardeningStep, ReturnType<typeof tried>>();
  forgetBackends();
  const { stacks, planning: how } = await beginPlanning({ ...options, markdown: false }, [], {
    outdir,
    change: (settings) => {
      level = options.level ?? Math.min(settings.hardening.level + 1, 3);
      const taken = takenSteps(settings.hardening);
      const without = synthesizedJson(project, settings);
      for (const name of hardeningStepNames) {
        if (!taken.includes(name) && levelOf(steps[name]) <= level) trials.set(name, tried(settings, name, without));
      }
      return withSteps(
        settings,
        [...trials].flatMap(([name, { touched }]) => (touched === undefined ? [] : name)),
      );
    },
  });
  const planning = new Planning(how);
  try {
    await endingInterrupted(how.signal, async () => {
      const planned = [...trials.values()].some(({ touched }) => touched !== undefined);
      if (planned) report(`Planning ${stacks.map(({ id }) => id).join(" and ")}`);
      const whole = explained(planned ? await planning.planAll(stacks) : []);
      const told = [...trials].map(([name, { touched, refused }]) =>
        toldStep(name, refused, touched === undefined ? [] : changesOf(whole, touched), whole),
      );
      if (options.json) console.log(JSON.stringify({ level, steps: told }, null, 2));
      else console.log([...told.map(textOf), summaryOf(told, level)].join("\n\n"));
      const changes = told.flatMap((step) => step.changes);
      if (changes.some(({ destructive }) => destructive)) process.exitCode = exitCodes.destroys;
      else if (changes.length > 0) process.exitCode = exitCodes.differs;
    });
  } finally {
    planning.close();
  }
});
