/**
 * bin/ecr/login and bin/svc-…/build-push as a user runs them: a real engine (podman) builds and pushes to a real registry behind
 * a login like ECR's; the account's ECR is the local AWS's.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../local-aws";
import { podmanEnvironment } from "../../support/images/podman";
import { type Registry, startRegistry } from "../../support/images/registry";
import { project } from "../../support/project";
import { encodedForms, watchCommandLines } from "../../support/secrets";

const minute = 60_000;
const region = "eu-central-1";
const account = "123456789012";
/** What the local ECR gives to log in with. */
const token = `${account}-auth-token`;
const folder = mkdtempSync(join(tmpdir(), "build-push-"));
const context = join(folder, "backend-flask");
let aws: LocalAws;
let registry: Registry;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  aws = await startLocalAws({ project, region });
  registry = await startRegistry(join(folder, "registry"), token);
  environment = {
    PATH: process.env.PATH,
    HOME: folder,
    ...aws.environment,
    ...podmanEnvironment(join(folder, "podman"), { registries: { [registry.host]: registry.host } }),
    DOCKER: "podman",
    CRUDDUR_IMAGES_BACKEND_FLASK: context,
    CRUDDUR_IMAGES_REGISTRY: registry.host,
  };
  mkdirSync(context);
  writeFileSync(join(context, "Dockerfile"), "FROM scratch\nCOPY app /\n");
  writeFileSync(join(context, ".dockerignore"), "notes\n");
  writeFileSync(join(context, "app"), "one");
}, minute);

afterAll(async () => {
  await registry?.stop();
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (command: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Promise<RunResult> =>
  runProcess(join(project, "bin", command), args, { cwd: folder, environment: { ...environment, ...more } });

const push = async (...args: string[]) => {
  const result = await run("svc-backend/build-push", ["--json", ...args]);
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as { tag: string; images: string[]; commands: string[]; pushed: boolean };
};

test(
  "who isn't logged in is told so",
  async () => {
    const { exitCode, stderr, stdout } = await run("svc-backend/build-push");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`Error: podman push failed: "podman" isn't logged in to ${registry.host}`);
    expect(stderr).toContain("run bin/ecr/login.");
    expect(await registry.tags("backend-flask")).toEqual([]);
  },
  2 * minute,
);

test(
  "login hands the token over by standard input",
  async () => {
    const watch = watchCommandLines();
    const result = await run("ecr/login");
    const lines = watch.stop();
    expect([result.exitCode, result.stderr]).toEqual([0, ""]);
    expect(result.stdout).toMatch(new RegExp(`^Logged in to ${registry.host} until \\d{4}-.*Z\n$`));
    for (const form of encodedForms(token)) expect(`${lines.join("\n")}${result.stdout}`).not.toContain(form);
  },
  minute,
);

test(
  "an image goes up under its content's hash and the deployed tag, and a changed file is another one",
  async () => {
    const { stdout, exitCode } = await run("svc-backend/build-push", ["--dry-run"]);
    expect([exitCode, await registry.tags("backend-flask")]).toEqual([0, []]);
    const first = await push();
    expect(first.images).toEqual([
      `${registry.host}/backend-flask:${first.tag}`,
      `${registry.host}/backend-flask:latest`,
    ]);
    // What a dry run shows is what is done.
    expect(stdout.trim().split("\n")).toEqual(first.commands);
    expect(await registry.tags("backend-flask")).toEqual([first.tag, "latest"].sort());
    const digest = await registry.digest("backend-flask", first.tag);
    expect([digest, await registry.digest("backend-flask", "latest")]).toEqual([
      expect.stringMatching(/^sha256:/),
      digest,
    ]);

    writeFileSync(join(context, "notes"), "ignored");
    expect((await push()).tag).toBe(first.tag);

    writeFileSync(join(context, "app"), "two");
    const second = await push("--tag", "pr-12", "--tag", "latest");
    expect(second.tag).not.toBe(first.tag);
    expect(await registry.tags("backend-flask")).toEqual([first.tag, second.tag, "latest", "pr-12"].sort());
    expect(await registry.digest("backend-flask", "latest")).toBe(await registry.digest("backend-flask", second.tag));
    expect(await registry.digest("backend-flask", first.tag)).toBe(digest);
  },
  3 * minute,
);

test(
  "ECR without the repository is told before anything is built; with it, it goes to the account's registry",
  async () => {
    const own = { CRUDDUR_IMAGES_REGISTRY: undefined };
    const host = `${account}.dkr.ecr.${region}.amazonaws.com`;
    const refused = await run("svc-backend/build-push", [], own);
    expect(refused).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(`Error: There is no repository backend-flask in ${host}: deploy the stack app`),
    });
    const client = new ECRClient({
      endpoint: aws.endpoint,
      region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    await client.send(new CreateRepositoryCommand({ repositoryName: "backend-flask" }));
    const { exitCode, stdout } = await run("svc-backend/build-push", ["--dry-run"], own);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`podman push ${host}/backend-flask:latest`)]);
  },
  minute,
);

describe("a user's mistake is one sentence", () => {
  test.each<[string, string, readonly string[], NodeJS.ProcessEnv, string]>([
    [
      "no engine",
      "svc-authz/build-push",
      ["--engine", "no-such-engine"],
      {},
      'The container engine "no-such-engine" was not found',
    ],
    ["no folder", "svc-frontend/build-push", [], {}, "give --context DIR, or set images.frontend"],
    ["no such folder", "svc-backend/build-push", ["--context", "nowhere"], {}, "there is no such folder"],
    ["no Dockerfile", "svc-backend/build-push", ["--context", "podman"], {}, "has no Dockerfile"],
    ["no tag", "svc-backend/build-push", ["--tag", "a b"], {}, "Give a tag of letters"],
    [
      "no variable",
      "svc-frontend/build-push",
      ["--context", "backend-flask"],
      {},
      "needs the variable cruddur_dns_name",
    ],
    [
      "another account",
      "ecr/login",
      [],
      { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
      `are of account ${account}`,
    ],
    ["no credentials", "ecr/login", [], { AWS_ACCESS_KEY_ID: undefined }, "No AWS credentials were found"],
    ["no region", "ecr/login", [], { AWS_REGION: undefined }, "No AWS region is known"],
    ["no such region", "ecr/login", ["--region", "Frankfurt"], {}, '--region is "Frankfurt"'],
    ["nobody there", "ecr/login", [], { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, "AWS can't be reached"],
  ])(
    "%s",
    async (_what, command, args, more, sentence) => {
      const { exitCode, stdout, stderr } = await run(command, args, more);
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(sentence);
      expect(stderr.trim().split("\n").length).toBe(1);
    },
    minute,
  );

  test(
    "an engine that isn't running",
    async () => {
      const engine = join(folder, "engine");
      const says = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
      writeFileSync(engine, `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "${says}" >&2\nexit 1\n`);
      chmodSync(engine, 0o755);
      const { exitCode, stderr } = await run("svc-backend/build-push", ["--engine", engine]);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringMatching(/engine of ".*" isn't running or can't be reached/),
      ]);
    },
    minute,
  );
});

test.each(["ecr/login", "svc-authz/build-push", "svc-envoy/build-push", "svc-otel-collector/build-push"])(
  "%s --help",
  async (command) => {
    const { exitCode, stdout } = await run(command, ["--help"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Usage: bin/${command}`)]);
  },
  minute,
);
