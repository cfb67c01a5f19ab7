/**
 * Ctrl-C at every point of a deployment, with the real Terraform, provider and S3 backend, while AWS doesn't answer: it ends in
 * seconds, and the next one gets the lock.
 */
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type RunResult, runProcess } from "../../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../../local/aws";
import { pluginCache } from "../../../../terraform/plugin-cache";
import { Terraform } from "../../../../terraform/terraform";
import { type Clone, cloneProject } from "../../../../tools/clone-project";
import { until } from "../../../support/processes";
import { project, stackFolder } from "../../../support/project";
import { ctrlC, onTerminal, type Terminal } from "../../../support/terminal";

const minute = 60_000;
const bucket = "cruddur-states";
/** What an interrupted deployment may still take. */
const seconds = 15_000;

/** Two stacks, of which Terraform waits for CloudWatch Logs: reading it when it plans, or making it when it applies. */
const stacksSource = `
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCloudwatchLogGroup } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { type App, TerraformOutput } from "cdktf";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { remoteState, stateBackend } from "../constructs/terraform/state-backend";
import type { Settings } from "../settings/schema";

class NetworkStack extends AddressedStack {
  constructor(root: App, project: string, settings: Settings) {
    super(root, "network");
    stateBackend(this, { ...settings, project });
    new AwsProvider(this, "aws", {});
    if (process.env.WAIT_IN === "plan") new DataAwsCloudwatchLogGroup(this, "there", { name: "there" });
    const shared = new SsmParameter(this, "shared", { name: "/shared", type: "String", value: "a" });
    if (process.env.WAIT_IN === "apply") new CloudwatchLogGroup(this, "news", { name: "news", dependsOn: [shared] });
    new TerraformOutput(this, "shared_id", { value: shared.id });
  }
}

class AppStack extends AddressedStack {
  constructor(root: App, project: string, settings: Settings, network: NetworkStack) {
    super(root, "app");
    stateBackend(this, { ...settings, project });
    new AwsProvider(this, "aws", {});
    const names = remoteState(this, "network", network, { ...settings, project });
    new SsmParameter(this, "pointer", { name: "/pointer", type: "String", value: names.getString("shared_id") });
  }
}

export function addStacks(root: App, project: string, settings: Settings) {
  const network = new NetworkStack(root, project, settings);
  return { network, app: new AppStack(root, project, settings, network) };
}
`;

describe("bin/deploy, interrupted", () => {
  let clone: Clone;
  let aws: LocalAws;
  let s3: S3Client;
  let silent: Server;
  let asked = 0;

  beforeAll(async () => {
    silent = createServer(() => (asked += 1)).listen(0, "127.0.0.1");
    clone = cloneProject(project);
    writeFileSync(join(clone.folder, "stacks", "index.ts"), stacksSource);
    aws = await startLocalAws({ project });
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    s3 = new S3Client({ endpoint: aws.endpoint, region: "us-east-1", credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const logs = new CloudWatchLogsClient({ endpoint: aws.endpoint, region: "us-east-1", credentials });
    await logs.send(new CreateLogGroupCommand({ logGroupName: "there" }));
    // What is initialized once isn't waited for in each of the cases.
    const first = await deploy(["--plan-only"]);
    expect([first.exitCode, first.stderr]).toEqual([2, "Planning network and app\n"]);
  }, 3 * minute);

  afterAll(async () => {
    silent?.closeAllConnections();
    silent?.close();
    await aws?.stop();
    clone?.remove();
  });

  const nowhere = () => `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;

  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...process.env,
    ...aws.environment,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: nowhere(),
    TF_PLUGIN_CACHE_DIR: pluginCache(project),
    CRUDDUR_BACKEND_TYPE: "s3",
    CRUDDUR_BACKEND_BUCKET: bucket,
    CRUDDUR_BACKEND_REGION: "us-east-1",
    CRUDDUR_BACKEND_KEYS_APP: "app.tfstate",
    CRUDDUR_BACKEND_ENDPOINT: aws.endpoint,
    CRUDDUR_BACKEND_USE_PATH_STYLE: "true",
    ...more,
  });

  const file = () => join(clone.folder, "bin", "deploy");

  const deploy = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<RunResult> =>
    runProcess(file(), args, { cwd: clone.folder, environment: environment(more) });

  const atTerminal = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Terminal =>
    onTerminal(file(), args, { cwd: clone.folder, env: environment(more) });

  /** @returns the exit code */
  async function endsSoon(terminal: Terminal): Promise<number | string> {
    const late = new Promise<string>((resolve) => setTimeout(resolve, seconds, `not in ${seconds} ms`).unref());
    return Promise.race([terminal.ended, late]);
  }

  /** Both locks are there to be taken, and nobody's is left. */
  async function expectUnlocked(): Promise<void> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents.map(({ Key }) => Key).filter((key) => key?.endsWith(".tflock"))).toEqual([]);
    const terraform = new Terraform(stackFolder(join(clone.folder, "cdktf.out"), "network"), {
      environment: aws.environment,
    });
    const { exitCode, stderr } = await terraform.attempt("plan", "-input=false", "-lock-timeout=0s");
    expect([exitCode, stderr]).toEqual([0, ""]);
  }

  test(
    "at the question",
    async () => {
      const terminal = atTerminal([]);
      await terminal.sees('Only "yes" does: ');
      expect(terminal.shown()).toMatch(/Apply network, then app\?/);
      terminal.types(ctrlC);
      expect(await endsSoon(terminal)).toBe(130);
      expect(terminal.shown()).toContain("Interrupted. Nothing is applied.");
      await expectUnlocked();
    },
    2 * minute,
  );

  test(
    "while it plans, and AWS doesn't answer",
    async () => {
      const before = asked;
      const terminal = atTerminal([], { WAIT_IN: "plan" });
      await until(() => asked > before, "the question that isn't answered");
      terminal.types(ctrlC);
      expect(await endsSoon(terminal)).toBe(130);
      await expectUnlocked();
    },
    2 * minute,
  );

  test(
    "while it applies, pressed three times: what is made is in the state, and the lock is given back",
    async () => {
      const before = asked;
      const terminal = atTerminal([], { WAIT_IN: "apply" });
      await terminal.sees('Only "yes" does: ');
      terminal.types("yes\r");
      await until(() => asked > before, "the call that isn't answered");
      for (const key of [ctrlC, ctrlC, ctrlC]) terminal.types(key);
      expect(await endsSoon(terminal)).toBe(130);
      expect(terminal.shown()).toMatch(/The apply of network was interrupted\. Nothing is applied\./);
      await expectUnlocked();
      const { exitCode, stdout } = await deploy(["network", "--plan-only"]);
      expect([exitCode, stdout]).toEqual([0, "network: nothing changes.\n\n"]);
    },
    2 * minute,
  );

  test(
    "by a signal, where there is no terminal",
    async () => {
      const before = asked;
      const interruption = new AbortController();
      const running = runProcess(file(), ["network", "--yes"], {
        cwd: clone.folder,
        environment: environment({ WAIT_IN: "apply" }),
        signal: interruption.signal,
      });
      await until(() => asked > before, "the call that isn't answered");
      interruption.abort();
      const since = Date.now();
      expect(await running).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("was interrupted") });
      expect(Date.now() - since).toBeLessThan(seconds);
      await expectUnlocked();
    },
    2 * minute,
  );

  test(
    "then it goes on from there: no is no, yes is applied, and a second time there is nothing to do",
    async () => {
      const declined = atTerminal([]);
      await declined.sees('Only "yes" does: ');
      declined.types("y\r");
      expect(await declined.ended).toBe(2);
      const agreed = atTerminal([]);
      await agreed.sees('Only "yes" does: ');
      agreed.types("yes\r");
      expect(await agreed.ended).toBe(0);
      expect(agreed.shown()).toContain("Applied: app.");
      const again = await deploy(["--yes"]);
      expect([again.exitCode, again.stdout]).toEqual([0, "network and app: nothing changes.\n\n"]);
    },
    3 * minute,
  );
});
