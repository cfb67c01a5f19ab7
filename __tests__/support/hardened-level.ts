/**
 * A hardening level over the deployed system, by the real Terraform and AWS provider: what each step's file says of its plan is what
 * a plan shows, nothing that was there is lost on the way up or back, and nothing is left to change after either.
 */

import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { levelOf, steps, stepsBefore } from "../../hardening/steps";
import { changesOf, type StackJson, touchedBy } from "../../operations/hardening/attribution";
import { type HardeningLevel, type HardeningStep, hardeningStepNames } from "../../settings/hardening";
import { settingsSchema } from "../../settings/schema";
import { synthesizedJson } from "../../stacks/synthesize";
import { counted, openChecks } from "./checkov";
import { documentedRows } from "./documented-tables";
import { type HardenedSystem, hardenedSystem, type Planned } from "./hardened";
import { project } from "./project";

const minute = 60_000;
const bucket = "team-access-logs";
/** What the steps need first; content hashes make revisions of their own, which are no step's. */
const settingsOf = (level: number, own: object = {}) => ({
  images: { deploy: level < 2 ? "state" : "hash" },
  hardening: {
    level,
    accessLogsBucket: bucket,
    firewallLogsBucket: "aws-waf-logs-team",
    tasksReach: "nat",
    steps: own,
  },
});
const synthesized = (level: number, own: object = {}) =>
  synthesizedJson(project, settingsSchema.parse({ ...settingsOf(level, own), images: { deploy: "hash" } }));

async function makeLogBucket(endpoint: string): Promise<void> {
  const s3 = new S3Client({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const Principal = { Service: "logdelivery.elasticloadbalancing.amazonaws.com" };
  const statement = { Effect: "Allow", Principal, Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/*` };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

/** Destroyed or replaced, revisions of task definitions left out. */
function lost({ explanation }: Planned): string[] {
  return explanation.changes.filter(({ destructive }) => destructive).map(({ plan, address }) => `${plan} ${address}`);
}

function made({ explanation }: Planned): string[] {
  return explanation.changes
    .filter(({ action }) => action === "create")
    .map(({ plan, address }) => `${plan} ${address}`);
}

/** The words of a step's file for what a plan does for it. @param below what is synthesized without any step of the level */
function wordsOf(planned: Planned, below: readonly StackJson[], level: number, name: HardeningStep): string[] {
  const first = Object.fromEntries(stepsBefore(name).map((one) => [one, true]));
  const without = Object.keys(first).length === 0 ? below : synthesized(level - 1, first);
  const changes = changesOf(
    planned.explanation,
    touchedBy(without, synthesized(level - 1, { ...first, [name]: true })),
  );
  return [
    ...new Set(
      changes.map(({ address, action, arguments: names }) =>
        [address.split(".")[0], action, ...(action === "update" ? names : [])].join(" "),
      ),
    ),
  ].sort();
}

/** What docs/hardening.md says that checkov fails at a level, by check. */
function documentedOpen(level: number): Record<string, number> {
  const rows = documentedRows("What stays open", "hardening.md");
  const counts = rows.map(([check = "", ...cells]): [string, number] => [check, Number(cells[level])]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Those of level 3 can't go without a replacement, or without the redirect to HTTPS. */
const most = [61, 39, 20, 12];

async function expectScanned(system: HardenedSystem, level: number): Promise<void> {
  const open = await openChecks(await system.planFiles(settingsOf(level)));
  expect(counted(open)).toEqual(documentedOpen(level));
  expect(open.length).toBeLessThanOrEqual(most[level] ?? 0);
}

const stepsOf = (level: number) => hardeningStepNames.filter((name) => levelOf(steps[name]) === level);
/** The tests of one level, from the one below and back. They are in a file each, so that they run side by side. */
export function describeLevel(level: HardeningLevel, more: (system: () => HardenedSystem) => void = () => {}): void {
  let system: HardenedSystem;
  let planned: Planned;
  let without: readonly StackJson[];

  beforeAll(async () => {
    system = await hardenedSystem();
    await makeLogBucket(system.aws.endpoint);
    if (level > 1) await system.deploy(settingsOf(level - 1));
    without = synthesized(level - 1);
    planned = await system.plan(settingsOf(level));
  }, 15 * minute);

  afterAll(() => system?.end());

  if (level === 1)
    test("at level 0 checkov leaves open what the table says", () => expectScanned(system, 0), 5 * minute);

  test.each(stepsOf(level))(
    "%s changes what its file says",
    (name) => {
      expect(wordsOf(planned, without, level, name)).toEqual([...steps[name].plan].sort());
    },
    minute,
  );

  test("the plan changes nothing else, and loses nothing", () => {
    const told = stepsOf(level).flatMap((name) => steps[name].plan);
    const types = (words: readonly string[]) => [...new Set(words.map((one) => one.split(" ").slice(0, 2).join(" ")))];
    const rest = types(planned.actions).filter((one) => !types(told).includes(one));
    expect(rest).toEqual(level !== 2 ? [] : ["aws_ecs_task_definition revision"]);
    expect(lost(planned)).toEqual([]);
  });

  test(
    "it applies, and then nothing is left to change",
    async () => {
      await system.deploy(settingsOf(level));
      expect((await system.plan(settingsOf(level))).actions).toEqual([]);
    },
    10 * minute,
  );

  test("checkov leaves open what the table says", () => expectScanned(system, level), 5 * minute);

  more(() => system);

  test(
    "the way back destroys what the level made alone, applies, and then nothing is left to change",
    async () => {
      // As the steps that set parameters say.
      const database = level === 2 ? { parameterGroup: "default.postgres14" } : {};
      const settings = { ...settingsOf(level - 1), database };
      const back = await system.plan(settings);
      expect(lost(back).sort()).toEqual(made(planned).sort());
      // As localBackend says; for the others any order will do.
      await system.deploy(settings, ["app", "network"]);
      expect((await system.plan(settings)).actions).toEqual([]);
      // What going back has set needs to be said no longer.
      if (level === 2) expect((await system.plan(settingsOf(level - 1))).actions).toEqual([]);
    },
    10 * minute,
  );
}
