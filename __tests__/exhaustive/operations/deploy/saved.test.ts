/**
 * Plans that are saved, approved and then applied, over a deployed system by the real Terraform and AWS provider: exactly they are
 * applied, and nothing where anything has moved.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type RunResult, runProcess } from "../../../../lib/run-process";
import { tfVariables } from "../../../../local/trial/sample-variables";
import type { Clone } from "../../../../tools/clone-project";
import { type DeployedClone, deployedClone } from "../../../support/aws/deployed-clone";
import { project } from "../../../support/project";
import { encodedForms } from "../../../support/secrets";

const minute = 60_000;
const said: string[] = [];
const key = () => randomBytes(32).toString("base64");
const ownKey = key();
let deployed: DeployedClone;
let clone: Clone;
let values: NodeJS.ProcessEnv;

beforeAll(async () => {
  deployed = await deployedClone();
  ({ clone } = deployed);
  values = tfVariables(deployed.system.variables);
  execFileSync("git", ["init", "-q", clone.folder]);
  commit();
}, 10 * minute);

afterAll(async () => {
  for (const form of [ownKey, ...Object.values(deployed?.system.secrets ?? {})].flatMap(encodedForms)) {
    expect(said.join("\n")).not.toContain(form);
  }
  await deployed?.end();
});

function commit(): void {
  const author = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  execFileSync("git", [...author, "commit", "-q", "--allow-empty", "-m", "t"], { cwd: clone.folder });
}

async function deploy(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const environment = { ...deployed.environment, ...values, SAVED_PLAN_KEY: ownKey, ...more };
  const result = await runProcess("bin/deploy", args, { cwd: clone.folder, environment });
  said.push(result.stdout, result.stderr);
  return result;
}

const save = (name: string, more: NodeJS.ProcessEnv = {}) => deploy(["--plan-only", "--save", name], more);
const apply = (name: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) =>
  deploy(["--saved", name, "--yes", ...args], more);
const path = (name: string) => join(clone.folder, name);
const stateFile = (stack: string) => path(`terraform.${stack}.tfstate`);
const stateOf = (stack: string) => readFileSync(stateFile(stack), "utf8");
const states = () => [stateOf("network"), stateOf("app")];

/** A Terraform that does something of its own first. */
function terraformThat(name: string, script: string): NodeJS.ProcessEnv {
  const file = path(name);
  const real = execFileSync("sh", ["-c", "command -v terraform"], { encoding: "utf8" }).trim();
  writeFileSync(file, `#!/bin/bash\n${script.replaceAll("REAL", real)}\nexec ${real} "$@"\n`);
  chmodSync(file, 0o755);
  return { TERRAFORM_BINARY_NAME: file };
}

describe("before anything is planned", () => {
  beforeAll(() => writeFileSync(path("nothing.sealed"), "cruddur saved plans 1"));

  test.each([
    [["--save", "p"], {}, "--save is given without --plan-only"],
    [["--save", "p", "--saved", "p"], {}, "--save and --saved are both given"],
    [["--plan-only", "--save", "p"], { SAVED_PLAN_KEY: "" }, "SAVED_PLAN_KEY is not set: give 32 random bytes"],
    [["--plan-only", "--save", "p"], { SAVED_PLAN_KEY: "c2hvcnQ=" }, "SAVED_PLAN_KEY is no key: give 32 random bytes"],
    [["--plan-only", "--save", "no/such/p"], {}, "but there is no folder"],
    [["--plan-only", "--save", "docs"], {}, "which is a folder"],
    [["--saved", "p", "--yes"], {}, '--saved is "p", but there is no such file'],
    [["--saved", "p", "--yes", "app"], {}, "--saved has its own stacks: leave out app"],
    [["--saved", "README.md", "--yes"], {}, "README.md holds no saved plans"],
    [["--saved", "nothing.sealed", "--yes"], {}, "nothing.sealed holds no saved plans"],
  ])("%j %j: %s", async (args, more, sentence) => {
    const { exitCode, stdout, stderr } = await deploy(args, more);
    expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining(sentence)]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(path("p"))).toBe(false);
  });
});

describe("a saved plan", () => {
  const more = { TF_VAR_ecs_service_desired_count: "2" };

  beforeAll(async () => {
    const { exitCode, stdout } = await save("plans.sealed", more);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining("desired_count: 1 → 2")]);
  }, 5 * minute);

  test("can be read by the user alone, and by them not without the key", () => {
    expect(statSync(path("plans.sealed")).mode & 0o777).toBe(0o600);
    const content = readFileSync(path("plans.sealed")).toString("latin1");
    expect(content).toMatch(/^cruddur saved plans 1\n/);
    for (const form of Object.values(deployed.system.secrets).flatMap(encodedForms))
      expect(content).not.toContain(form);
    for (const word of ["desired_count", "resource_changes", "PK\u0003\u0004"]) expect(content).not.toContain(word);
  });

  test("isn't opened by another key, nor when a byte of it has changed, nor cut", async () => {
    const whole = readFileSync(path("plans.sealed"));
    const changed = Buffer.from(whole);
    changed[whole.length - 100] = (whole[whole.length - 100] ?? 0) ^ 1;
    writeFileSync(path("changed.sealed"), changed);
    writeFileSync(path("cut.sealed"), whole.subarray(0, whole.length - 1));
    const results = [
      await apply("plans.sealed", [], { SAVED_PLAN_KEY: key() }),
      await apply("changed.sealed"),
      await apply("cut.sealed"),
    ];
    for (const { exitCode, stdout, stderr } of results) {
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^Error: \w+\.sealed can't be opened: either SAVED_PLAN_KEY isn't the key .*\n$/);
    }
  });

  test(
    "is refused with other settings, another tool and a state that has moved, all in one sentence",
    async () => {
      const before = stateOf("network");
      const moved = JSON.parse(before);
      writeFileSync(stateFile("network"), JSON.stringify({ ...moved, serial: moved.serial + 1 }));
      copyFileSync(stateFile("app"), path("app.kept"));
      writeFileSync(stateFile("app"), JSON.stringify({ ...JSON.parse(stateOf("app")), lineage: "another" }));
      const older = terraformThat(
        "older",
        'if [ "$1" = version ]; then REAL "$@" | sed "s/1\\.[0-9]*\\.[0-9]*/1.10.99/"; exit; fi',
      );
      const now = states();
      const { exitCode, stdout, stderr } = await apply("plans.sealed", [], { ...older, CRUDDUR_AUTHZ: "false" });
      expect(states()).toEqual(now);
      writeFileSync(stateFile("network"), before);
      copyFileSync(path("app.kept"), stateFile("app"));
      expect([exitCode, stdout]).toEqual([1, ""]);
      const version = "(\\d+\\.){2}\\d+";
      expect(stderr.trim().split("\n").at(-1)).toMatch(
        new RegExp(
          [
            "^Error: plans\\.sealed can't be applied any more: ",
            `network was planned by Terraform ${version}, and this is Terraform 1\\.10\\.99; `,
            `the state of network has moved from serial ${moved.serial} to ${moved.serial + 1}; `,
            "the settings or sources make another app; ",
            `app was planned by Terraform ${version}, and this is Terraform 1\\.10\\.99; `,
            "the state of app is another one, of the lineage another: plan anew with --save\\.$",
          ].join(""),
        ),
      );
    },
    3 * minute,
  );

  test(
    "that goes stale in the last moment is refused in Terraform's own words",
    async () => {
      const before = stateOf("app");
      const serial = JSON.parse(before).serial;
      const stale = terraformThat(
        "stale",
        `if [ "$1" = apply ]; then sed -i 's/"serial": ${serial},/"serial": ${serial + 7},/' "${stateFile("app")}"; fi`,
      );
      const { exitCode, stderr } = await apply("plans.sealed", [], stale);
      expect(JSON.parse(stateOf("app"))).toEqual({ ...JSON.parse(before), serial: serial + 7 });
      writeFileSync(stateFile("app"), before);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringMatching(/Error: The apply of app failed\. Nothing is applied\.[\s\S]*Saved plan is stale/),
      ]);
    },
    3 * minute,
  );

  test(
    "is shown again with --plan-only, and applied as it is, whatever the variables are by now; and once alone",
    async () => {
      const shown = await apply("plans.sealed", ["--plan-only"]);
      expect([shown.exitCode, shown.stdout]).toEqual([2, expect.stringContaining("desired_count: 1 → 2")]);
      const { exitCode, stdout, stderr } = await apply("plans.sealed", [], { TF_VAR_ecs_service_desired_count: "9" });
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining("Applied: app.")]);
      expect(stderr).not.toMatch(/Planning/);
      expect(stateOf("app")).toContain('"desired_count": 2,');
      const again = await apply("plans.sealed");
      expect([again.exitCode, again.stderr]).toEqual([
        1,
        expect.stringMatching(
          /can't be applied any more: the state of app has moved from serial \d+ to \d+: plan anew/,
        ),
      ]);
    },
    4 * minute,
  );

  test(
    "of another commit is refused",
    async () => {
      expect((await save("commit.sealed", more)).exitCode).toBe(0);
      commit();
      const { exitCode, stderr } = await apply("commit.sealed", [], more);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^Error: commit\.sealed was planned at the commit "\w{40}", and this is the commit "\w{40}"/,
        ),
      ]);
    },
    2 * minute,
  );
});

test(
  "states in S3: planned without a lock, and applied where nothing but the file is there",
  async () => {
    const { aws, region } = deployed.system;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const s3 = new S3Client({ endpoint: aws.endpoint, region, credentials, forcePathStyle: true });
    const Bucket = "saved-plans";
    await s3.send(new CreateBucketCommand({ Bucket }));
    for (const stack of ["network", "app"]) {
      await s3.send(new PutObjectCommand({ Bucket, Key: `${stack}.tfstate`, Body: stateOf(stack) }));
    }
    const inS3 = {
      CRUDDUR_BACKEND_TYPE: "s3",
      CRUDDUR_BACKEND_BUCKET: Bucket,
      CRUDDUR_BACKEND_REGION: region,
      CRUDDUR_BACKEND_KEYS_NETWORK: "network.tfstate",
      CRUDDUR_BACKEND_KEYS_APP: "app.tfstate",
      CRUDDUR_BACKEND_ENDPOINT: aws.endpoint,
      CRUDDUR_BACKEND_USE_PATH_STYLE: "true",
      TF_VAR_ecs_service_desired_count: "3",
    };
    const output = path("cdktf.out");
    rmSync(output, { recursive: true, force: true });
    const saved = await deploy(["--plan-only", "--no-lock", "--save", "s3.sealed"], inS3);
    expect([saved.exitCode, saved.stdout]).toEqual([2, expect.stringContaining("desired_count: 2 → 3")]);
    rmSync(output, { recursive: true });
    const { exitCode, stdout, stderr } = await apply("s3.sealed", [], inS3);
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringContaining("Applied: app."), expect.any(String)]);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "app.tfstate" }));
    const applied = (await Body?.transformToString()) ?? "";
    expect(applied).toContain('"desired_count": 3,');
    const again = await apply("s3.sealed", [], inS3);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringMatching(/state of app has moved from serial/)]);
    // The next ones go on with the local states.
    writeFileSync(stateFile("app"), applied);
    rmSync(output, { recursive: true });
  },
  5 * minute,
);

test(
  "what would be destroyed must be named at the apply, too",
  async () => {
    const more = { TF_VAR_ecs_service_desired_count: "3", CRUDDUR_AUTHZ: "false" };
    const saved = await save("destroys.sealed", more);
    expect([saved.exitCode, saved.stderr]).toEqual([3, expect.stringContaining("give --allow-destroy")]);
    const before = states();
    const { exitCode, stderr } = await apply("destroys.sealed", [], more);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining("Error: Nothing is applied. This would destroy or replace aws_ecs_service.backend_authz"),
    ]);
    expect(states()).toEqual(before);
    const allowed = ["--allow-destroy", "aws_ecs_service.backend_authz"];
    expect(await apply("destroys.sealed", allowed, more)).toMatchObject({ exitCode: 0 });
    expect(stateOf("app")).not.toContain("backend_authz");
  },
  5 * minute,
);

test(
  "a provisional plan that comes out differently after the network's apply is left, and not asked for",
  async () => {
    const [, code = ""] =
      /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(project, "docs", "adding-a-service.md"), "utf8")) ?? [];
    writeFileSync(path("additions/services.ts"), code);
    const more = { TF_VAR_ecs_service_desired_count: "3", CRUDDUR_AUTHZ: "false", TF_VAR_orders_api_key: "one" };
    const saved = await save("provisional.sealed", more);
    expect([saved.exitCode, saved.stdout]).toEqual([2, expect.stringContaining("app is provisional")]);
    const before = stateOf("app");
    const { exitCode, stdout, stderr } = await apply("provisional.sealed", [], {
      ...more,
      TF_VAR_orders_api_key: "another",
    });
    expect(stderr).toMatch(
      /Applying network[\s\S]*Planning app again\nThe plan of app differs from the one that was shown: aws_ssm_parameter\S+\nnetwork is applied\. app is left: plan it anew, and have that plan approved\n$/,
    );
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining("Applied: network.")]);
    expect(stateOf("app")).toBe(before);
  },
  6 * minute,
);
