/**
 * A small project and a small old module for splits by the dozen: the real tools, Terraform, provider and S3 backend, over
 * stacks that plan in seconds.
 */
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../local/aws";
import { pluginCache } from "../../../terraform/plugin-cache";
import { installProviderLock } from "../../../terraform/provider-lock";
import { Terraform } from "../../../terraform/terraform";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { until } from "../processes";
import { project } from "../project";
import { startWriteProxy, type WriteProxy } from "./write-proxy";

const region = "eu-central-1";
const bucket = "cruddur-states";
const table = "locks";

export type Store = "lock file" | "DynamoDB table" | "local";

// biome-ignore lint/suspicious/noExplicitAny: state JSON, looked into by assertions.
export type Json = any;

export interface LabOptions {
  /** Stands for a password, in every state. */
  readonly secret?: string;
  /** Instead of `stacks/index.ts`. */
  readonly stacks?: string;
  /** The old module's files. */
  readonly module?: Readonly<Record<string, string>>;
}

/** The two stacks of the small project, in place of `stacks/index.ts`. */
export const stacksSource = `
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { type App, Fn, TerraformIterator, TerraformOutput, TerraformVariable } from "cdktf";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { remoteState, stateBackend } from "../constructs/terraform/state-backend";
import type { Settings } from "../settings/schema";

class NetworkStack extends AddressedStack {
  constructor(root: App, project: string, settings: Settings) {
    super(root, "network");
    stateBackend(this, { ...settings, project });
    new AwsProvider(this, "aws", {});
    new DataAwsRegion(this, "current");
    const each = TerraformIterator.fromList(["a", "b"]);
    const shared = new SsmParameter(this, "shared", { forEach: each, name: \`/shared/\${each.value}\`, type: "String", value: each.value });
    new TerraformOutput(this, "shared_name", { value: Fn.lookupNested(shared.fqn, ['"a"', "name"]) });
  }
}

class AppStack extends AddressedStack {
  constructor(root: App, project: string, settings: Settings, network: NetworkStack) {
    super(root, "app");
    stateBackend(this, { ...settings, project });
    new AwsProvider(this, "aws", {});
    new DataAwsRegion(this, "current");
    const secret = new TerraformVariable(this, "secret_value", { type: "string", sensitive: true });
    new SsmParameter(this, "secret", { name: "/app/secret", type: "SecureString", value: secret.stringValue });
    const names = remoteState(this, "network", network, { ...settings, project });
    new SsmParameter(this, "pointer", { name: "/app/pointer", type: "String", value: names.getString("shared_name") });
    new SqsQueue(this, "jobs", { name: "jobs" });
  }
}

export function addStacks(root: App, project: string, settings: Settings) {
  const network = new NetworkStack(root, project, settings);
  return { network, app: new AppStack(root, project, settings, network) };
}
`;

/** The same with a team's additions. */
export const adoptingStacks = stacksSource
  .replace(
    "import type { Settings }",
    'import { AppAdditions } from "../additions/app";\nimport { NetworkAdditions } from "../additions/network";\nimport type { Settings }',
  )
  .replace(
    /return \{ network, app: (.*?) \};/,
    "new NetworkAdditions(network as never);\n  const app = $1;\n  new AppAdditions(app as never);\n  return { network, app };",
  );

/** The same, as a team has written it by hand. */
export const oldModule = `
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {}
variable "secret_value" {}
resource "aws_ssm_parameter" "shared" {
  for_each = toset(["a", "b"])
  name     = "/shared/\${each.value}"
  type     = "String"
  value    = each.value
}
resource "aws_ssm_parameter" "secret" {
  name  = "/app/secret"
  type  = "SecureString"
  value = var.secret_value
}
resource "aws_ssm_parameter" "pointer" {
  name  = "/app/pointer"
  type  = "String"
  value = aws_ssm_parameter.shared["a"].name
}
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
`;

export const addresses = {
  network: ['aws_ssm_parameter.shared["a"]', 'aws_ssm_parameter.shared["b"]'],
  app: ["aws_sqs_queue.jobs", "aws_ssm_parameter.pointer", "aws_ssm_parameter.secret"],
} as const;

/** Addresses of what a state manages. */
export function managed(document: Json | undefined): string[] {
  return (document?.resources ?? [])
    .filter(({ mode }: Json) => mode === "managed")
    .flatMap(({ type, name, instances }: Json) =>
      instances.map(({ index_key }: Json) => `${type}.${name}${index_key === undefined ? "" : `["${index_key}"]`}`),
    )
    .sort();
}

export class StateLab {
  private readonly clone: Clone;
  private aws!: LocalAws;
  private s3!: S3Client;
  private dynamodb!: DynamoDBClient;
  private originalText = "";
  private cases = 0;
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "state-lab-")));
  /** Stands for a password, in every state. */
  readonly secret: string;

  private readonly files: Readonly<Record<string, string>>;

  constructor({
    secret = `s3cr3t-${randomUUID()}`,
    stacks = stacksSource,
    module = { "main.tf": oldModule },
  }: LabOptions = {}) {
    this.secret = secret;
    this.files = module;
    this.clone = cloneProject(project);
    writeFileSync(join(this.clone.folder, "stacks", "index.ts"), stacks);
  }

  get project(): string {
    return this.clone.folder;
  }

  /** The old module's folder, initialized with a state of its own beside it. */
  get module(): string {
    return join(this.folder, "old");
  }

  /** What the old state is, as Terraform has written it. */
  get original(): Json {
    return JSON.parse(this.originalText);
  }

  async start(): Promise<void> {
    this.aws = await startLocalAws({ project, region });
    const client = {
      endpoint: this.aws.endpoint,
      region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    this.s3 = new S3Client({ ...client, forcePathStyle: true });
    this.dynamodb = new DynamoDBClient(client);
    const location = { LocationConstraint: region } as const;
    await this.s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: location }));
    await this.s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    await this.dynamodb.send(
      new CreateTableCommand({
        TableName: table,
        AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    mkdirSync(this.module);
    for (const [name, text] of Object.entries(this.files)) {
      mkdirSync(dirname(join(this.module, name)), { recursive: true });
      writeFileSync(join(this.module, name), text);
    }
    installProviderLock(project, [this.module]);
    // Fills the cache that the proofs of all cases share: filling it, inits at the same time would take it from each other.
    const environment = { ...this.environment(), TF_PLUGIN_CACHE_DIR: pluginCache(this.project) };
    const terraform = new Terraform(this.module, { environment });
    await terraform.init();
    await terraform.apply();
    this.originalText = readFileSync(join(this.module, "terraform.tfstate"), "utf8");
  }

  async stop(): Promise<void> {
    await this.aws?.stop();
    this.clone.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a scanner does that Terraform knows nothing of. */
  async tagQueue(name: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const body = new URLSearchParams({ Action: "TagQueue", QueueUrl: `${this.aws.endpoint}/123456789012/${name}` });
    for (const [index, [key, value]] of Object.entries(tags).entries()) {
      body.set(`Tag.${index + 1}.Key`, key);
      body.set(`Tag.${index + 1}.Value`, value);
    }
    const headers = { authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/sqs/aws4_request` };
    const answer = await fetch(this.aws.endpoint, { method: "POST", body, headers });
    if (!answer.ok) throw new Error(`TagQueue: ${await answer.text()}`);
  }

  environment(): NodeJS.ProcessEnv {
    return { ...this.aws.environment, TF_VAR_secret_value: this.secret };
  }

  /** A team's states in a place of their own, not split yet. */
  async newCase(store: Store, state = this.originalText): Promise<Case> {
    this.cases += 1;
    const proxy = await startWriteProxy(this.aws.endpoint);
    const one = new Case(this, store, `case-${this.cases}`, proxy);
    await one.write("app", state);
    return one;
  }

  // The stores, for cases and assertions; the tools under test reach them by Terraform alone.

  async objects(prefix: string): Promise<Map<string, string>> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/` }));
    const read = Contents.map(async ({ Key = "" }) => {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return [Key, (await Body?.transformToString()) ?? ""] as const;
    });
    return new Map(await Promise.all(read));
  }

  async putObject(key: string, text: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  }

  async deleteObject(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  /** As the S3 backend keeps it beside its locks. */
  async putDigest(key: string, text: string): Promise<void> {
    const digest = createHash("md5").update(text).digest("hex");
    const Item = { LockID: { S: `${bucket}/${key}-md5` }, Digest: { S: digest } };
    await this.dynamodb.send(new PutItemCommand({ TableName: table, Item }));
  }

  async items(prefix: string): Promise<Record<string, AttributeValue>[]> {
    const { Items = [] } = await this.dynamodb.send(new ScanCommand({ TableName: table }));
    return Items.filter(({ LockID }) => LockID?.S?.startsWith(`${bucket}/${prefix}/`));
  }

  async setItems(prefix: string, items: readonly Record<string, AttributeValue>[]): Promise<void> {
    for (const { LockID } of await this.items(prefix)) {
      await this.dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { LockID: LockID as AttributeValue } }));
    }
    for (const Item of items) await this.dynamodb.send(new PutItemCommand({ TableName: table, Item }));
  }
}

export interface Snapshot {
  readonly objects: ReadonlyMap<string, string>;
  readonly items: readonly Record<string, AttributeValue>[];
  readonly folder: string;
}

export interface CommandOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

export class Case {
  readonly folder: string;
  readonly runs: string;
  /** In the environment of every process of this case; a name that passes to Terraform. */
  private readonly mark = `STATE_LAB_MARK_${randomUUID()}`;

  constructor(
    readonly lab: StateLab,
    readonly store: Store,
    readonly name: string,
    readonly proxy: WriteProxy,
  ) {
    this.folder = join(lab.folder, name);
    this.runs = join(this.folder, "runs");
    mkdirSync(this.folder, { recursive: true });
  }

  key(stack: "network" | "app"): string {
    return `${this.name}/${stack}.tfstate`;
  }

  get source(): string {
    return this.store === "local" ? join(this.folder, "terraform.app.tfstate") : `s3://${bucket}/${this.key("app")}`;
  }

  settings(): Record<string, string> {
    if (this.store === "local") return { CRUDDUR_BACKEND_DIRECTORY: this.folder };
    return {
      CRUDDUR_BACKEND_TYPE: "s3",
      CRUDDUR_BACKEND_BUCKET: bucket,
      CRUDDUR_BACKEND_REGION: region,
      CRUDDUR_BACKEND_KEYS_NETWORK: this.key("network"),
      CRUDDUR_BACKEND_KEYS_APP: this.key("app"),
      CRUDDUR_BACKEND_ENDPOINT: this.proxy.endpoint,
      CRUDDUR_BACKEND_USE_PATH_STYLE: "true",
      ...(this.store === "DynamoDB table" && {
        CRUDDUR_BACKEND_USE_LOCKFILE: "false",
        CRUDDUR_BACKEND_DYNAMODB_TABLE: table,
      }),
    };
  }

  environment(): NodeJS.ProcessEnv {
    return {
      ...this.lab.environment(),
      ...this.settings(),
      XDG_STATE_LAB_MARK: this.mark,
      STATE_LAB_RUNS: this.runs,
      // The lock table is reached by the environment's endpoint.
      ...(this.store === "DynamoDB table" && { AWS_ENDPOINT_URL_DYNAMODB: this.proxy.endpoint }),
    };
  }

  split(args: readonly string[] = ["--apply"], options: CommandOptions = {}): Promise<RunResult> {
    return this.command("split", ["--from", this.source, "--runs", this.runs, ...args], options);
  }

  async resume(args: readonly string[] = [], options: CommandOptions = {}): Promise<RunResult> {
    return this.command("resume", [this.run, "--runs", this.runs, ...args], options);
  }

  async rollback(args: readonly string[] = [], options: CommandOptions = {}): Promise<RunResult> {
    return this.command("rollback", [this.run, "--runs", this.runs, ...args], options);
  }

  command(verb: string, args: readonly string[], { environment, onLine }: CommandOptions = {}): Promise<RunResult> {
    return runProcess(join(this.lab.project, "bin", "state", verb), args, {
      cwd: this.lab.folder,
      environment: { ...process.env, CHECKPOINT_DISABLE: "1", ...this.environment(), ...environment },
      onLine,
    });
  }

  /** The id of the one run; empty before it was recorded. */
  get run(): string {
    const ids = existsSync(this.runs) ? readdirSync(this.runs).sort() : [];
    return ids.find((id) => existsSync(join(this.runs, id, "run.json"))) ?? "";
  }

  get record(): Json {
    return JSON.parse(readFileSync(join(this.runs, this.run, "run.json"), "utf8"));
  }

  /** Runs a command that dies at a point of its own writing. */
  killedAt(point: string, run: (options: CommandOptions) => Promise<RunResult>): Promise<RunResult> {
    return run({ environment: { ...killHook(), STATE_LAB_KILL: point } });
  }

  /** Runs a command and records its own writes. */
  async recorded(
    run: (options: CommandOptions) => Promise<RunResult>,
  ): Promise<{ result: RunResult; points: string[] }> {
    const record = join(this.folder, `record-${randomUUID()}`);
    const result = await run({ environment: { ...killHook(), STATE_LAB_RECORD: record } });
    const points = existsSync(record) ? readFileSync(record, "utf8").trim().split("\n") : [];
    return { result, points };
  }

  /** Kills every process of this case at once, as the end of a laptop's battery does. */
  killEverything(): void {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(this.mark)) continue;
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }

  /** What lies in the places. */
  async documents(): Promise<{ network?: Json; app?: Json }> {
    const texts = await this.texts();
    const parsed = (text: string | undefined) => (text === undefined || text === "" ? undefined : JSON.parse(text));
    return { network: parsed(texts.network), app: parsed(texts.app) };
  }

  private async texts(): Promise<{ network?: string; app?: string }> {
    if (this.store === "local") {
      const read = (stack: string) => {
        const file = join(this.folder, `terraform.${stack}.tfstate`);
        return existsSync(file) ? readFileSync(file, "utf8") : undefined;
      };
      return { network: read("network"), app: read("app") };
    }
    const objects = await this.lab.objects(this.name);
    return { network: objects.get(this.key("network")), app: objects.get(this.key("app")) };
  }

  /** Puts a state where it lies, as Terraform would leave it there. */
  async write(stack: "network" | "app", text: string): Promise<void> {
    if (this.store === "local") return writeFileSync(join(this.folder, `terraform.${stack}.tfstate`), text);
    await this.lab.putObject(this.key(stack), text);
    if (this.store === "DynamoDB table") await this.lab.putDigest(this.key(stack), text);
  }

  /** Locks that nobody has taken off. */
  async locks(): Promise<string[]> {
    const files = [...(await this.lab.objects(this.name)).keys()].filter((key) => key.endsWith(".tflock"));
    const items = (await this.lab.items(this.name)).flatMap(({ LockID, Info }) =>
      Info === undefined ? [] : [LockID?.S ?? ""],
    );
    return [...files, ...items];
  }

  async snapshot(): Promise<Snapshot> {
    const folder = join(this.folder, `snapshot-${randomUUID()}`);
    if (existsSync(this.runs)) cpSync(this.runs, folder, { recursive: true, verbatimSymlinks: true });
    return { objects: await this.lab.objects(this.name), items: await this.lab.items(this.name), folder };
  }

  /** Makes everything what it was at a snapshot of this case, or of another one of the same name space. */
  async restore({ objects, items, folder }: Snapshot): Promise<void> {
    for (const key of (await this.lab.objects(this.name)).keys()) await this.lab.deleteObject(key);
    for (const [key, text] of objects) await this.lab.putObject(key, text);
    await this.lab.setItems(this.name, items);
    rmSync(this.runs, { recursive: true, force: true });
    if (existsSync(folder)) cpSync(folder, this.runs, { recursive: true, verbatimSymlinks: true });
  }

  /** A colleague who looks at a plan of the old module before saying yes, and holds the lock of the app's state. */
  async colleague(): Promise<{ release: () => Promise<void> }> {
    const folder = join(this.folder, "colleague");
    mkdirSync(folder);
    cpSync(join(this.lab.module, "main.tf"), join(folder, "main.tf"));
    const { CRUDDUR_BACKEND_ENDPOINT: endpoint } = this.settings();
    const backend =
      this.store === "local"
        ? { local: { path: this.source } }
        : {
            s3: {
              bucket,
              key: this.key("app"),
              region,
              use_path_style: true,
              endpoints: { s3: endpoint },
              ...(this.store === "lock file" ? { use_lockfile: true } : { dynamodb_table: table }),
            },
          };
    writeFileSync(join(folder, "backend.tf.json"), JSON.stringify({ terraform: { backend } }));
    const environment = { ...process.env, ...this.environment(), TF_VAR_secret_value: "another" };
    await new Terraform(folder, { environment }).init();
    const child = spawn("terraform", ["apply", "-no-color"], {
      cwd: folder,
      env: environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        said += chunk;
      });
    }
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    await until(() => said.includes("Enter a value:"), "the prompt that holds the lock");
    return {
      release: async () => {
        child.stdin.end("no\n");
        await ended;
      },
    };
  }

  async close(): Promise<void> {
    this.killEverything();
    await this.proxy.close();
  }
}

/** A lab for a test file: started before its tests, and ended with every case that they have asked for. */
export function labForTests(options?: LabOptions): {
  lab: StateLab;
  newCase: (store: Store, state?: string) => Promise<Case>;
} {
  const lab = new StateLab(options);
  const cases: Case[] = [];
  beforeAll(() => lab.start(), 6 * 60_000);
  afterAll(async () => {
    for (const one of cases) await one.close();
    await lab.stop();
  });
  const newCase = async (store: Store, state?: string) => {
    const one = await lab.newCase(store, state);
    cases.push(one);
    return one;
  };
  return { lab, newCase };
}

function killHook(): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--require ${join(project, "__tests__", "support", "state", "kill-at.js")}` };
}
