/**
 * bin/ecr/login and bin/build-push as a user runs them: a real engine (podman) builds and pushes to a real registry behind
 * a login like ECR's; the account's ECR is the local AWS's.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../local/aws";
import { cloneProject } from "../../../tools/clone-project";
import { rootOf } from "../../support/images/base-images";
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

/** @param line command and its first arguments */
function run(line: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const [command = "", ...first] = line.split(" ");
  return runProcess(join(project, "bin", command), [...first, ...args], {
    cwd: folder,
    environment: { ...environment, ...more },
  });
}

const push = async (...args: string[]) => {
  const result = await run("build-push backend", ["--json", ...args]);
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as { tag: string; images: string[]; commands: string[]; pushed: boolean };
};

test(
  "who isn't logged in is told so",
  async () => {
    const { exitCode, stderr, stdout } = await run("build-push backend");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      `Error: podman push failed: "podman" isn't logged in to ${registry.host}: run podman login ${registry.host}.`,
    );
    expect(await registry.tags("backend-flask")).toEqual([]);
  },
  2 * minute,
);

test(
  "login hands the token over by standard input",
  async () => {
    const refused = await run("ecr/login");
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      `Error: images.registry is "${registry.host}", which isn't ECR and gets none of its tokens: run podman login ${registry.host}, or give --registry for a host in front of ECR.\n`,
    ]);
    const watch = watchCommandLines();
    const result = await run("ecr/login", ["--registry", registry.host]);
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
    const { stdout, exitCode } = await run("build-push backend", ["--dry-run"]);
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
  "an image has what Docker puts into it: empty folders, and the ignore file's own exceptions",
  async () => {
    const sample = join(folder, "sample");
    const files = ["src/kept/deep/x", "src/lost", "logs/a.log", "docs/a.md", "notes.md", "app"];
    for (const file of files) {
      mkdirSync(dirname(join(sample, file)), { recursive: true });
      writeFileSync(join(sample, file), "1");
    }
    mkdirSync(join(sample, "uploads"));
    writeFileSync(join(sample, ".dockerignore"), "logs/*\n*.md\nsrc\n!**/deep\nDockerfile\n");
    writeFileSync(join(sample, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    const { images } = await push("--context", sample);
    const podman = (args: readonly string[]) => runProcess("podman", args, { environment });
    const container = (await podman(["create", images[0] ?? "", "none"])).stdout.trim();
    const archive = join(folder, "sample.tar");
    await podman(["export", "--output", archive, container]);
    const { stdout } = await runProcess("tar", ["--list", "--file", archive]);
    const own = /^(dev|etc|proc|run|sys)\//;
    expect(
      stdout
        .split("\n")
        .filter((path) => path !== "" && !own.test(path))
        .sort(),
    ).toEqual([
      ".dockerignore",
      "app",
      "docs/",
      "docs/a.md",
      "logs/",
      "src/",
      "src/kept/",
      "src/kept/deep/",
      "src/kept/deep/x",
      "uploads/",
    ]);
  },
  2 * minute,
);

test(
  "a build that fails says so in the failed step's words, whatever they are",
  async () => {
    const failing = join(folder, "failing");
    const root = join(failing, "root");
    await rootOf(root, ["sh"]);
    const said = "npm error 401 Unauthorized - GET https://npm.example.com/ui";
    writeFileSync(join(failing, "Dockerfile"), `FROM scratch\nCOPY root /\nRUN echo "${said}" >&2; exit 3\n`);
    const { exitCode, stderr } = await run("build-push backend", ["--context", failing]);
    expect(exitCode).toBe(1);
    const [, told = ""] = stderr.split("Error: podman build failed ");
    expect(told).toMatch(/^in the step RUN echo .*exit status 3/);
    expect(told).toContain(`\n  ${said}\n`);
    expect(told).not.toContain("bin/ecr/login");
  },
  2 * minute,
);

const ofEcr = { CRUDDUR_IMAGES_REGISTRY: undefined };

test(
  "ECR without the repository is told before anything is built; with it, it goes to the account's registry",
  async () => {
    const host = `${account}.dkr.ecr.${region}.amazonaws.com`;
    const refused = await run("build-push backend", [], ofEcr);
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
    const { exitCode, stdout } = await run("build-push backend", ["--dry-run"], ofEcr);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`podman push ${host}/backend-flask:latest`)]);
  },
  minute,
);

describe("a user's mistake is one sentence", () => {
  test.each<[string, string, readonly string[], NodeJS.ProcessEnv, string]>([
    [
      "no engine",
      "build-push authz",
      ["--engine", "no-such-engine"],
      {},
      'The container engine "no-such-engine" was not found',
    ],
    ["no folder", "build-push frontend", [], {}, "give --context DIR, or set images.frontend"],
    ["no such folder", "build-push backend", ["--context", "nowhere"], {}, "there is no such folder"],
    ["no Dockerfile", "build-push backend", ["--context", "podman"], {}, "has no Dockerfile"],
    ["no such image", "build-push backnd", [], {}, 'There is no image "backnd": did you mean backend?'],
    ["no tag", "build-push backend", ["--tag", "a b"], {}, "Give a tag of letters"],
    ["no variable", "build-push frontend", ["--context", "backend-flask"], {}, "needs the variable cruddur_dns_name"],
    [
      "another account",
      "ecr/login",
      [],
      { ...ofEcr, CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
      `are of account ${account}`,
    ],
    ["no credentials", "ecr/login", [], { ...ofEcr, AWS_ACCESS_KEY_ID: undefined }, "No AWS credentials were found"],
    ["no region", "ecr/login", [], { ...ofEcr, AWS_REGION: undefined }, "No AWS region is known"],
    ["no such region", "ecr/login", ["--region", "Frankfurt"], {}, '--region is "Frankfurt"'],
    ["nobody there", "ecr/login", [], { ...ofEcr, AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, "AWS can't be reached"],
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
      const { exitCode, stderr } = await run("build-push backend", ["--engine", engine]);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringMatching(/engine of ".*" isn't running or can't be reached/),
      ]);
    },
    minute,
  );
});

test.each(["ecr/login", "build-push"])(
  "%s --help",
  async (command) => {
    const { exitCode, stdout } = await run(command, ["--help"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Usage: bin/${command}`)]);
  },
  minute,
);

test.each(["authz", "backend", "envoy", "frontend", "otel-collector"])(
  "bin/svc-%s/build-push is bin/build-push with its name, from any folder",
  async (name) => {
    const given = ["--dry-run", "--json", ...(["backend", "frontend"].includes(name) ? ["--context", context] : [])];
    const variables = {
      TF_VAR_cruddur_dns_name: "cruddur.example.com",
      TF_VAR_cognito_user_pool_id: `${region}_AbCdEf123`,
      TF_VAR_cognito_user_pool_client_id: "client1",
    };
    const [thin, long] = [
      await run(`svc-${name}/build-push`, given, variables),
      await run(`build-push ${name}`, given, variables),
    ];
    expect([thin.exitCode, JSON.parse(thin.stdout)]).toEqual([0, JSON.parse(long.stdout)]);
  },
  minute,
);

test(
  "the image of a service in additions/services.ts goes up under the tag of its entry",
  async () => {
    const clone = cloneProject(project);
    try {
      const page = readFileSync(join(project, "docs", "adding-a-service.md"), "utf8");
      const [, example = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
      // The page's folder, ../orders, beside others' clones.
      const orders = mkdtempSync(join(tmpdir(), "orders-"));
      writeFileSync(
        join(clone.folder, "additions", "services.ts"),
        example.replace('"../orders"', JSON.stringify(orders)),
      );
      writeFileSync(join(orders, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
      const { exitCode, stdout, stderr } = await runProcess(
        join(clone.folder, "bin", "build-push"),
        ["orders", "--json"],
        { cwd: folder, environment },
      );
      rmSync(orders, { recursive: true });
      if (exitCode !== 0) throw new Error(stderr);
      const { tag, repository } = JSON.parse(stdout);
      expect([repository, await registry.tags("orders")]).toEqual(["orders", ["1.0", tag].sort()]);
    } finally {
      clone.remove();
    }
  },
  2 * minute,
);

test(
  "the base image is copied under its own tag",
  async () => {
    const source = `${registry.host}/backend-flask:latest`;
    const copied = await run("build-push cruddur-python", ["--json"], { CRUDDUR_IMAGES_PYTHON_BASE: source });
    expect([copied.exitCode, copied.stderr]).toEqual([0, expect.stringContaining("Pushing")]);
    expect(await registry.tags("cruddur-python")).toEqual(["latest"]);
  },
  2 * minute,
);
