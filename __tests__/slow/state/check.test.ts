/** What `check` says of states: the stacks' own, drifted ones, and other people's. Real plans; nothing is written. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../../lib/run-process";
import { type Finding, findingKinds } from "../../../state/check/finding";
import { Terraform } from "../../../terraform/terraform";
import { project } from "../../support/project";
import { encodedForms } from "../../support/secrets";
import { addresses, type Case, type Json, labForTests } from "../../support/state/lab";

const minute = 60_000;

/** Kinds of findings whose advice was followed. */
const followed = new Set<string>();
const { lab, newCase: caseIn } = labForTests();
const newCase = (state?: string) => caseIn("local", state);

/** Every file below a folder, with its content. */
function contentOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, "latin1")]));
}

/** Runs the command, and sees to it that it writes nothing and keeps the secret to itself. */
async function check(one: Case, args: readonly string[]): Promise<RunResult> {
  const before = contentOf(one.folder);
  const result = await one.command("check", args);
  expect(contentOf(one.folder)).toEqual(before);
  for (const form of encodedForms(lab.secret)) expect(result.stdout + result.stderr).not.toContain(form);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  return result;
}

async function findings(one: Case, args: readonly string[]): Promise<Finding[]> {
  const { exitCode, stdout, stderr } = await check(one, [...args, "--json"]);
  if (exitCode !== 2) throw new Error(`exit code ${exitCode}: ${stdout} ${stderr}`);
  return JSON.parse(stdout).findings;
}

const about = (list: readonly Finding[], address: string) => list.filter((finding) => finding.address === address);

test(
  "of the stacks' own state: where each instance goes, with its construct, and that nothing differs",
  async () => {
    const one = await newCase();
    const { exitCode, stdout } = await check(one, ["--from", one.source, "--hcl", lab.module, "--json"]);
    const report = JSON.parse(stdout);
    expect([exitCode, report.findings, report.notPlanned]).toEqual([0, [], {}]);
    const placed = (stack: string) =>
      report.placements.filter((placement: Json) => placement.stack === stack).map(({ address }: Json) => address);
    expect(placed("network")).toEqual([...addresses.network].sort());
    expect(placed("app")).toEqual([...addresses.app].sort());
    expect(report.placements[0]).toMatchObject({
      constructPath: "app/jobs",
      sourceFile: expect.stringMatching(/^stacks\/index\.ts/),
    });
    const text = await check(one, ["--from", one.source, "--no-plan"]);
    expect([text.exitCode, text.stdout]).toEqual([
      0,
      expect.stringContaining("2 belong to network, 3 to app, 0 to neither"),
    ]);
  },
  6 * minute,
);

/** What a split writes into the folder of its run, until the first test has counted it. */
let points = 16;

test(
  "without --from: the stacks' own states, and what lies in the wrong one or in both",
  async () => {
    const one = await newCase();
    const recorded = await one.recorded((options) => one.split(["--apply"], options));
    expect(recorded.result.exitCode).toBe(0);
    points = recorded.points.length;
    // After the first apply both states hold what both stacks read.
    const region = {
      mode: "data",
      type: "aws_region",
      name: "current",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ schema_version: 0, attributes: { id: "eu-central-1", name: "eu-central-1" } }],
    };
    const { network, app } = await one.documents();
    for (const [stack, document] of Object.entries({ network, app })) {
      await one.write(stack as "network", JSON.stringify({ ...document, resources: [...document.resources, region] }));
    }
    const applied = await check(one, []);
    expect([applied.exitCode, applied.stdout]).toEqual([0, expect.stringContaining("Nothing differs.")]);

    // An object that was moved to the other stack's state goes to its own by the line that says so.
    const files = { app: one.source, network: join(one.folder, "terraform.network.tfstate") };
    const move = (from: string, to: string) =>
      `terraform state mv -state=${from} -state-out=${to} aws_sqs_queue.jobs aws_sqs_queue.jobs`;
    const run = (line: string) => execFileSync("sh", ["-c", line], { cwd: one.folder, stdio: "pipe" });
    run(move(files.app, files.network));
    const misplaced = await findings(one, ["--no-plan"]);
    expect(misplaced.map(({ kind, address, lines }) => [kind, address, lines])).toEqual([
      ["misplaced", "aws_sqs_queue.jobs", [move(files.network, files.app)]],
    ]);
    for (const line of misplaced[0]?.lines ?? []) run(line);
    const settled = await one.command("check", ["--no-plan"]);
    expect([settled.exitCode, settled.stdout]).toEqual([0, expect.stringContaining("Nothing differs.")]);
    followed.add("misplaced");

    // An old state that somebody puts back is split no more.
    await one.write("network", JSON.stringify(network));
    writeFileSync(one.source, JSON.stringify(lab.original));
    const twice = (await findings(one, ["--no-plan"])).filter(({ kind }) => kind === "duplicate");
    expect(twice.map(({ address }) => address).sort()).toEqual([...addresses.network].sort());
    const resumed = await one.resume();
    expect([resumed.exitCode, resumed.stderr]).toEqual([
      1,
      expect.stringContaining("somebody has put the old one back"),
    ]);
    expect((await one.rollback()).exitCode).toBe(0);
  },
  8 * minute,
);

test(
  "a split that was interrupted goes on or back, as the finding says",
  async () => {
    for (const command of ["resume", "rollback"] as const) {
      const one = await newCase();
      // The network's state is written, and the app's isn't.
      await one.killedAt(`${points - 4}:after`, (options) => one.split(["--apply"], options));
      const told = (await findings(one, ["--no-plan"])).filter(({ kind }) => kind === "duplicate");
      expect(told.map(({ address }) => address).sort()).toEqual([...addresses.network].sort());
      expect(told[0]?.where).toContain(`bin/state/${command}`);
      expect((await one[command]()).exitCode).toBe(0);
      const again = await one.command("check", command === "resume" ? [] : ["--no-plan", "--from", one.source]);
      expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining("Nothing differs.")]);
    }
    followed.add("duplicate");
  },
  8 * minute,
);

test("the advice of every kind of finding is followed: here, or in the exhaustive suite", () => {
  const text = readFileSync(join(project, "__tests__/exhaustive/state/advice.test.ts"), "utf8");
  const there = [
    ...text.matchAll(/`([a-z ]+): [^`]*aws_|"(missing): aws_|`(provider setting): |kind: "(transient block)"/g),
  ];
  for (const [, ...names] of there) for (const name of names) if (name !== undefined) followed.add(name);
  expect([...followed].sort()).toEqual([...findingKinds].sort());
});

describe("of a module that has drifted", () => {
  let one: Case;
  let folder: string;

  beforeAll(async () => {
    one = await newCase();
    rmSync(one.source);
    folder = join(one.folder, "drifted");
    mkdirSync(folder);
    cpSync(join(lab.module, "terraform.tfstate"), join(folder, "terraform.tfstate"));
    const module = readFileSync(join(lab.module, "main.tf"), "utf8")
      .replace('toset(["a", "b"])', 'toset(["a", "c"])')
      .replace('  name = "jobs"', '  name                       = "jobs"\n  visibility_timeout_seconds = 77')
      .replace('"pointer" {', '"arrow" {')
      .replace("value = var.secret_value", 'value = "${var.secret_value}-own"')
      .concat('resource "aws_sqs_queue" "extra" {\n  count = 2\n  name  = "extra-${count.index}"\n}\n');
    writeFileSync(join(folder, "main.tf"), module);
    const terraform = new Terraform(folder, { environment: lab.environment() });
    await terraform.init();
    await terraform.apply();
  }, 6 * minute);

  test(
    "each difference comes with what Terraform would do and where to act",
    async () => {
      const list = await findings(one, ["--from", folder, "--hcl", folder]);
      const expected: [string, Partial<Finding>][] = [
        [
          'aws_ssm_parameter.shared["b"]',
          { kind: "instance key", stack: "network", consequence: expect.stringContaining("create it") },
        ],
        [
          'aws_ssm_parameter.shared["c"]',
          { kind: "instance key", stack: "network", consequence: expect.stringContaining("destroy it") },
        ],
        [
          "aws_ssm_parameter.pointer",
          {
            kind: "address",
            stack: "app",
            detail: "the state has it under another name: aws_ssm_parameter.arrow",
            lines: [`terraform -chdir=${folder} state mv aws_ssm_parameter.arrow aws_ssm_parameter.pointer`],
            constructPath: "app/pointer",
            oldModule: expect.stringMatching(/^main\.tf:\d+$/),
          },
        ],
        [
          "aws_sqs_queue.extra[0]",
          {
            kind: "undeclared",
            consequence: expect.stringContaining("destroy it"),
            where: expect.stringContaining('with the id "extra"'),
          },
        ],
        ["aws_sqs_queue.extra[1]", { kind: "undeclared", because: "aws_sqs_queue.extra[0]" }],
        [
          "aws_sqs_queue.jobs",
          {
            kind: "argument",
            stack: "app",
            consequence: "update in place",
            detail: "visibility_timeout_seconds: 77 → 30",
            oldModule: expect.stringMatching(/^main\.tf:\d+ says 77$/),
          },
        ],
        [
          "aws_ssm_parameter.secret",
          {
            kind: "argument",
            stack: "app",
            detail: expect.stringContaining("(sensitive)"),
            constructPath: "app/secret",
          },
        ],
      ];
      for (const [address, fields] of expected) expect(about(list, address)[0]).toMatchObject(fields);
      expect([...new Set(list.map(({ address }) => address))].sort()).toEqual(
        expected.map(([address]) => address).sort(),
      );
      expect(list.filter(({ where, because }) => where === "" && because === null)).toEqual([]);
    },
    6 * minute,
  );

  test(
    "the text names them all, and a split refuses",
    async () => {
      const { exitCode, stdout } = await check(one, ["--from", folder]);
      expect(exitCode).toBe(2);
      for (const text of [
        "aws_sqs_queue.extra[0]  [undeclared]",
        "where: additions/app.ts",
        "(construct app/jobs, stacks/index.ts",
      ]) {
        expect(stdout).toContain(text);
      }
      const split = await one.command("split", ["--from", folder]);
      expect([split.exitCode, split.stderr]).toEqual([1, expect.stringMatching(/No stack declares .*arrow/)]);
    },
    6 * minute,
  );
});

describe("of other people's Terraform", () => {
  const resource = (fields: object) => ({
    mode: "managed",
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: [{ schema_version: 0, attributes: { id: "x" } }],
    ...fields,
  });
  const stateOf = (resources: readonly object[]) =>
    JSON.stringify({
      version: 4,
      terraform_version: "1.5.0",
      serial: 2,
      lineage: "theirs",
      outputs: {},
      resources,
      check_results: null,
    });

  const theirs: [string, readonly object[]][] = [
    [
      "modules, in modules, with keys",
      [
        resource({
          module: 'module.vpc["eu"].module.subnets[0]',
          type: "aws_subnet",
          name: "this",
          instances: [0, 1].map((index_key) => ({ index_key, schema_version: 1, attributes: { id: "s" } })),
        }),
        resource({ module: "module.vpc", mode: "data", type: "aws_region", name: "current" }),
      ],
    ],
    [
      "other providers",
      [
        resource({
          type: "google_storage_bucket",
          name: "b",
          provider: 'provider["registry.terraform.io/hashicorp/google"]',
        }),
        resource({
          type: "random_pet",
          name: "p",
          provider: 'provider["registry.terraform.io/hashicorp/random"].east',
        }),
      ],
    ],
    [
      "a provider of the early days, and keys that need escaping",
      [
        resource({
          type: "aws_instance",
          name: "i",
          provider: "provider.aws",
          instances: [{ index_key: 'a"${b}\n%{c}', attributes_flat: { id: "i-1" } }],
        }),
      ],
    ],
    [
      "another layout, partly ours",
      [
        resource({
          type: "aws_sqs_queue",
          name: "jobs",
          instances: [{ index_key: 0, schema_version: 0, attributes: { id: "x", name: "jobs" } }],
        }),
        resource({ type: "aws_lb", name: "web" }),
      ],
    ],
    ["nothing at all", []],
  ];

  test.each(theirs)(
    "%s",
    async (_what, resources) => {
      const one = await newCase(stateOf(resources));
      for (const args of [["--no-plan"], []]) {
        const { exitCode, stdout, stderr } = await check(one, ["--from", one.source, "--json", ...args]);
        expect([exitCode, stderr]).toEqual([2, expect.anything()]);
        const report = JSON.parse(stdout);
        const instances = resources.flatMap((one: Json) => (one.mode === "managed" ? one.instances : []));
        expect(report.placements).toHaveLength(instances.length);
        expect(report.findings.filter(({ kind }: Finding) => kind === "missing").length).toBeGreaterThan(0);
      }
      const text = await check(one, ["--from", one.source, "--no-plan"]);
      const isForeign = resources.length > 0 && !resources.some((one: Json) => one.name === "jobs");
      expect(text.stdout.includes("nothing in common")).toBe(isForeign);
    },
    6 * minute,
  );
});

test.each<[string, readonly string[], RegExp]>([
  ["a place that is none", ["--from", "missing.tfstate"], /there is no .*missing\.tfstate/],
  ["a folder that is no module", ["--from", "runs-of-nobody", "--hcl", "."], /--hcl is|--from is/],
  ["an unknown option", ["--plans"], /unknown option '--plans'/],
])("%s is refused with a sentence", async (_what, args, sentence) => {
  const one = await newCase();
  const { exitCode, stderr } = await check(one, args);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(sentence)]);
});
