/**
 * What must not happen, tried for real: a change in the wrong account, a provider that nobody chose, a secret that shows,
 * a state touched after bad input.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../local/aws";
import { sampleVariables, tfVariables } from "../../local/trial/sample-variables";
import { lockBlocks } from "../../terraform/lock-blocks";
import { keptLockFile, lockFileName } from "../../terraform/provider-lock";
import { Terraform } from "../../terraform/terraform";
import { type Clone, cloneProject } from "../../tools/clone-project";
import { project, type Settings, stackFolder, synthesizeTo } from "../support/project";
import { encodedForms, watchCommandLines } from "../support/secrets";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "guards-"));
let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws({ project });
}, minute);

afterAll(async () => {
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A synthesized and initialized stack with a state folder of its own. */
async function ready(
  name: string,
  stack: "network" | "app",
  settings: Settings = {},
  environment: NodeJS.ProcessEnv = {},
) {
  const outdir = join(folder, name, "cdktf.out");
  const { exitCode, stderr } = await synthesizeTo(outdir, {
    CRUDDUR_BACKEND_DIRECTORY: join(folder, name),
    ...settings,
  });
  if (exitCode !== 0) throw new Error(stderr);
  const terraform = new Terraform(stackFolder(outdir, stack), {
    environment: { ...aws.environment, ...tfVariables(), ...environment },
  });
  await terraform.init();
  const stateFile = join(folder, name, `terraform.${stack}.tfstate`);
  return { terraform, stateFile };
}

describe("bad input is refused by a sentence, with no state touched", () => {
  const noRegion = { AWS_REGION: "", AWS_DEFAULT_REGION: "" };
  const noCredentials = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
  test.each<[string, Settings, NodeJS.ProcessEnv, RegExp]>([
    [
      "a missing variable",
      {},
      { TF_VAR_cruddur_dns_name: undefined },
      /No value for required variable[\s\S]*"cruddur_dns_name"/,
    ],
    [
      "a domain with a trailing dot",
      {},
      { TF_VAR_cruddur_dns_name: "cruddur.example.com." },
      /must be a domain name in lower case[^│]*without scheme/,
    ],
    [
      "a domain in upper case",
      {},
      { TF_VAR_cruddur_dns_name: "Cruddur.example.com" },
      /must be a domain name in lower case/,
    ],
    [
      "a domain with a scheme",
      {},
      { TF_VAR_cruddur_dns_name: "https://cruddur.example.com" },
      /must be a domain name in lower case/,
    ],
    ["a count in words", {}, { TF_VAR_ecs_service_desired_count: "two" }, /must be a whole number from 0 to 9999/],
    ["a negative count", {}, { TF_VAR_ecs_service_desired_count: "-1" }, /must be a whole number from 0 to 9999/],
    ["an empty secret", {}, { TF_VAR_db_password: "" }, /The variable db_password must not be empty/],
    [
      "another account than the settings allow",
      { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
      {},
      /AWS account ID not allowed: 123456789012/,
    ],
    ["no credentials", {}, noCredentials, /No valid credential sources found/],
    ["no region", {}, noRegion, /region/i],
  ])(
    "%s",
    async (name, settings, environment, message) => {
      const { terraform, stateFile } = await ready(name.replaceAll(" ", "-"), "network", settings, environment);
      const { exitCode, stderr } = await terraform.attempt("apply", "-auto-approve", "-input=false", "-no-color");
      const flat = stderr.replace(/\s+/g, " ");
      expect([exitCode, flat]).toEqual([1, expect.stringMatching(message)]);
      expect(existsSync(stateFile)).toBe(false);
      expect(flat).not.toContain(sampleVariables.db_password);
    },
    minute,
  );

  test(
    "credentials that AWS doesn't accept",
    async () => {
      const { terraform, stateFile } = await ready("expired", "network", {}, { AWS_ACCESS_KEY_ID: "AKIAEXPIRED" });
      await fetch(`${aws.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
      try {
        const { exitCode, stderr } = await terraform.attempt("apply", "-auto-approve", "-input=false", "-no-color");
        expect([exitCode, stderr]).toEqual([
          1,
          expect.stringMatching(/validating provider credentials[\s\S]*StatusCode: 403/),
        ]);
      } finally {
        await fetch(`${aws.endpoint}/moto-api/reset-auth`, { method: "POST", body: "1000000" });
      }
      expect(existsSync(stateFile)).toBe(false);
    },
    minute,
  );

  test(
    "a constraint that no installed provider meets",
    async () => {
      const outdir = join(folder, "constraint", "cdktf.out");
      expect((await synthesizeTo(outdir, { CRUDDUR_AWS_PROVIDER_VERSION: "5.99.0" })).exitCode).toBe(0);
      const terraform = new Terraform(stackFolder(outdir, "network"), { environment: aws.environment });
      const { exitCode, stderr } = await terraform.attempt("init", "-input=false", "-no-color");
      expect([exitCode, stderr.replace(/\s+/g, " ")]).toEqual([
        1,
        expect.stringContaining(
          "locked provider registry.terraform.io/hashicorp/aws 5.100.0 does not match configured version constraint 5.99.0",
        ),
      ]);
    },
    minute,
  );

  test.each<[string, Settings, RegExp]>([
    [
      "S3 without a bucket",
      { CRUDDUR_BACKEND_TYPE: "s3", CRUDDUR_BACKEND_KEYS_APP: "a" },
      /backend\.bucket is missing/,
    ],
    [
      "two stacks on one key",
      {
        CRUDDUR_BACKEND_TYPE: "s3",
        CRUDDUR_BACKEND_BUCKET: "states",
        CRUDDUR_BACKEND_KEYS_APP: "cruddur/network.tfstate",
      },
      /backend\.keys\.network and backend\.keys\.app are both "cruddur\/network\.tfstate"/,
    ],
    [
      "a settings file that isn't there",
      { CRUDDUR_SETTINGS: "/no/such.json" },
      /\/no\/such\.json can't be read \(ENOENT\)/,
    ],
    ["a settings file that is a folder", { CRUDDUR_SETTINGS: tmpdir() }, /can't be read \(EISDIR\)/],
  ])("%s, at synth", async (name, settings, message) => {
    const outdir = join(folder, "settings", name.replaceAll(" ", "-"));
    const { exitCode, stderr } = await synthesizeTo(outdir, settings);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(outdir)).toEqual([]);
  });

  test(
    "a Terraform that is too old, in the commands that run it",
    async () => {
      const old = join(folder, "terraform-1.3.9");
      writeFileSync(old, '#!/bin/sh\necho "Terraform v1.3.9"\n', { mode: 0o755 });
      const { exitCode, stderr } = await runProcess("npm", ["run", "--silent", "lock"], {
        cwd: project,
        environment: { ...process.env, TERRAFORM_BINARY_NAME: old },
      });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining("Terraform 1.3.9 is too old")]);
      const { terraform } = await ready("required-version", "network");
      const synthesized = JSON.parse(readFileSync(join(terraform.directory, "cdk.tf.json"), "utf8"));
      expect(synthesized.terraform.required_version).toBe(">= 1.10.0");
    },
    minute,
  );
});

describe("the kept provider lock file", () => {
  let clone: Clone;
  let mirror: string;
  const configuration = () => join(folder, "mirror.tfrc");

  /** A mirror with the provider, and with a newer version of it that a loose constraint would float to. */
  beforeAll(async () => {
    clone = cloneProject(project);
    const { terraform } = await ready("mirror", "network");
    const installed = join(
      terraform.directory,
      ".terraform",
      "providers",
      "registry.terraform.io",
      "hashicorp",
      "aws",
      "5.100.0",
    );
    const [platform = ""] = readdirSync(installed);
    mirror = join(folder, "mirror-files");
    for (const version of ["5.100.0", "5.101.0"]) {
      const place = join(mirror, "registry.terraform.io", "hashicorp", "aws", version, platform);
      mkdirSync(place, { recursive: true });
      for (const file of readdirSync(join(installed, platform))) {
        symlinkSync(join(installed, platform, file), join(place, file.replace("5.100.0", version)));
      }
    }
    writeFileSync(configuration(), `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  }, minute);
  afterAll(() => clone?.remove());

  const loose = { CRUDDUR_AWS_PROVIDER_VERSION: "> 5.0, < 6.0.0" };
  const lockedIn = (file: string) => /version\s*= "(.*)"/.exec(readFileSync(file, "utf8"))?.[1];
  const selected = (stack: string) => lockedIn(join(stack, lockFileName));

  test(
    "holds plain Terraform to the version that was chosen; without it the constraint floats",
    async () => {
      const { terraform } = await ready("loose", "network", loose, { TF_CLI_CONFIG_FILE: configuration() });
      expect(selected(terraform.directory)).toBe("5.100.0");
      rmSync(join(terraform.directory, lockFileName));
      await terraform.init();
      expect(selected(terraform.directory)).toBe("5.101.0");
    },
    2 * minute,
  );

  test(
    "holds cdktf to it too, without asking a registry",
    async () => {
      const run = await runProcess("npx", ["cdktf", "diff", "network"], {
        cwd: clone.folder,
        environment: {
          ...process.env,
          ...aws.environment,
          ...tfVariables(),
          ...loose,
          CI: "1",
          CHECKPOINT_DISABLE: "1",
          TF_CLI_CONFIG_FILE: configuration(),
        },
      });
      expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining("20 to add")]);
      expect(run.stdout + run.stderr).not.toContain("Fetching hashicorp/aws");
      expect(selected(join(clone.folder, "cdktf.out", "stacks", "network"))).toBe("5.100.0");
    },
    2 * minute,
  );

  test(
    "leaves in a stack's folder what init has added: the Docker provider's lock outlives a synth",
    async () => {
      const stack = join(folder, "docker", "cdktf.out", "stacks", "images");
      const settings: Settings = {
        CRUDDUR_IMAGES_ENABLED: "true",
        CRUDDUR_BACKEND_DIRECTORY: join(folder, "docker"),
      };
      const synthesized = () => synthesizeTo(join(folder, "docker", "cdktf.out"), settings);
      expect((await synthesized()).exitCode).toBe(0);
      const required = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")).terraform.required_providers;
      // Whatever program stands there: nothing starts it.
      const place = join(mirror, "registry.terraform.io", "kreuzwerker", "docker", required.docker.version);
      const [platform = ""] = readdirSync(join(mirror, "registry.terraform.io", "hashicorp", "aws", "5.100.0"));
      mkdirSync(join(place, platform), { recursive: true });
      writeFileSync(join(place, platform, "terraform-provider-docker"), "#!/bin/sh\n", { mode: 0o755 });
      const terraform = new Terraform(stack, {
        environment: { ...aws.environment, ...tfVariables(), TF_CLI_CONFIG_FILE: configuration() },
      });
      await terraform.init();
      const locked = readFileSync(join(stack, lockFileName), "utf8");
      expect(locked).toContain('provider "registry.terraform.io/kreuzwerker/docker" {');
      expect((await synthesized()).exitCode).toBe(0);
      expect(readFileSync(join(stack, lockFileName), "utf8")).toContain(required.docker.version);
      const plan = () => terraform.attempt("plan", "-no-color", "-input=false");
      expect((await plan()).stderr).not.toContain("Inconsistent dependency lock file");
      writeFileSync(join(stack, lockFileName), lockBlocks(locked).get("registry.terraform.io/hashicorp/aws") ?? "");
      expect((await plan()).stderr).toContain("Inconsistent dependency lock file");
    },
    2 * minute,
  );

  test(
    "is renewed by a command, from a mirror too",
    async () => {
      const { exitCode, stderr } = await runProcess(
        "npm",
        ["run", "--silent", "lock", "--", "--fs-mirror", mirror, "--platform", "linux_amd64"],
        { cwd: clone.folder, environment: { ...process.env, ...loose } },
      );
      expect([exitCode, stderr]).toEqual([0, expect.anything()]);
      expect(lockedIn(join(clone.folder, keptLockFile))).toBe("5.101.0");
      const unreachable = await runProcess(
        "npm",
        ["run", "--silent", "lock", "--", "--fs-mirror", "/no/such", "--platform", "linux_amd64"],
        {
          cwd: clone.folder,
          environment: process.env,
        },
      );
      expect([unreachable.exitCode, unreachable.stderr]).toEqual([1, expect.stringContaining("is as it was")]);
      expect(lockedIn(join(clone.folder, keptLockFile))).toBe("5.101.0");
    },
    2 * minute,
  );
});

describe("secrets", () => {
  const mark = (name: string) => `${name}-<>&"$%{x}\${y}\\'+/=~${Math.random().toString(36).slice(2)}`;
  const secrets = {
    db_username: mark("user"),
    db_password: mark("password"),
    db_connection_url: `postgresql://u:${mark("url")}@h/db`,
    honeycomb_api_key: mark("honeycomb"),
    rollbar_access_token: mark("rollbar"),
  };
  const variables = tfVariables({ ...sampleVariables, ...secrets });

  /** Every text file below a folder but states and saved plans, which hold values by Terraform's design. */
  function texts(place: string): [string, string][] {
    return readdirSync(place, { recursive: true, encoding: "utf8" })
      .filter((file) => !file.includes(".terraform/providers") && !/\.tfstate|(^|\/)plan$/.test(file))
      .map((file) => join(place, file))
      .filter((file) => statSync(file).isFile())
      .map((file) => [file, readFileSync(file, "utf8")]);
  }

  test(
    "show in no synthesized file, output, error text or command line, in no encoding",
    async () => {
      const clone = cloneProject(project);
      const seen: [string, string][] = [];
      const keep = (what: string, run: RunResult) => seen.push([what, `${run.stdout}\n${run.stderr}`]);
      const commandLines = watchCommandLines();
      try {
        const environment = { ...process.env, ...aws.environment, ...variables, CI: "1", CHECKPOINT_DISABLE: "1" };
        const cdktf = (...args: string[]) => runProcess("npx", ["cdktf", ...args], { cwd: clone.folder, environment });
        keep("cdktf synth", await cdktf("synth"));
        const options = { environment: { ...aws.environment, ...variables } };
        const network = new Terraform(stackFolder(join(clone.folder, "cdktf.out"), "network"), options);
        await network.init();
        const groups = ["-target=aws_security_group.rds", "-target=aws_security_group.cruddur_ecs_sg"];
        keep("apply of network", await network.attempt("apply", "-auto-approve", "-no-color", ...groups));
        // The service reads the target groups of a network that is deployed whole; secrets and database don't.
        const app = new Terraform(stackFolder(join(clone.folder, "cdktf.out"), "app"), options);
        await app.init();
        const secretOnes = ["-target=aws_ssm_parameter.secret", "-target=aws_iam_policy.service"];
        const applied = await app.attempt("apply", "-auto-approve", "-no-color", ...secretOnes);
        expect([applied.exitCode, applied.stdout]).toEqual([0, expect.stringContaining("(sensitive value)")]);
        keep("apply of the secrets", applied);
        keep(
          "plan of the secrets and the database",
          await app.attempt("plan", "-no-color", "-target=aws_ssm_parameter.secret", "-target=aws_db_instance.cruddur"),
        );
        keep("a failing plan", await app.attempt("plan", "-no-color", "-var=ecs_service_desired_count=two"));
        keep("an output", await app.attempt("output", "-no-color"));
        keep("cdktf diff", await cdktf("diff", "app", "--skip-synth"));
        keep("cdktf output", await cdktf("output", "app", "--skip-synth"));
        const lines = commandLines.stop();
        expect(lines.length).toBeGreaterThan(20);
        seen.push(["command lines", lines.join("\n")]);
        seen.push(...texts(join(clone.folder, "cdktf.out")));
      } finally {
        commandLines.stop();
        clone.remove();
      }
      expect(seen.map(([what]) => what)).toContainEqual(expect.stringMatching(/app\/cdk\.tf\.json$/));
      for (const [what, text] of seen) {
        for (const [name, value] of Object.entries(secrets)) {
          const found = encodedForms(value).filter((form) => text.includes(form));
          expect([what, name, found]).toEqual([what, name, []]);
        }
      }
    },
    4 * minute,
  );

  test("would be found if they showed", () => {
    const value = secrets.db_password;
    for (const text of [
      value,
      JSON.stringify({ a: value }),
      encodeURIComponent(value),
      Buffer.from(`x${value}`).toString("base64"),
    ]) {
      expect(encodedForms(value).some((form) => text.includes(form))).toBe(true);
    }
  });
});
