/** States in S3 with both kinds of lock: the real Terraform backend over moto's S3, DynamoDB and IAM. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type LocalAws, startLocalAws } from "../../local/aws";
import { tfVariables } from "../../local/trial/sample-variables";
import { Terraform } from "../../terraform/terraform";
import { until } from "../support/processes";
import { project, type Settings, stackFolder, synthesizeTo } from "../support/project";

const minute = 60_000;
const region = "eu-central-1";
const bucket = "cruddur-states";
const appKey = "02-app/terraform.tfstate";
const networkKey = "cruddur/network.tfstate";
/** What is quickly made, and what the outputs need that the app reads. */
const someOfNetwork = ["-target=aws_security_group.rds", "-target=aws_security_group.cruddur_ecs_sg"];

describe("the S3 backend", () => {
  const folder = mkdtempSync(join(tmpdir(), "s3-backend-"));
  let aws: LocalAws;
  let s3: S3Client;

  const client = () => ({
    endpoint: aws.endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

  // An account of its own for each block: their states are others, the names of their resources are the same.
  function freshAccount(): void {
    beforeAll(startAccount, minute);
    afterAll(() => aws?.stop());
  }

  async function startAccount(): Promise<void> {
    aws = await startLocalAws({ project, region });
    s3 = new S3Client({ ...client(), forcePathStyle: true });
    const location = { LocationConstraint: region } as const;
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: location }));
    await new DynamoDBClient(client()).send(
      new CreateTableCommand({
        TableName: "locks",
        AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  }

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const s3Settings = (more: Settings = {}): Settings => ({
    CRUDDUR_BACKEND_TYPE: "s3",
    CRUDDUR_BACKEND_BUCKET: bucket,
    CRUDDUR_BACKEND_REGION: region,
    CRUDDUR_BACKEND_KEYS_APP: appKey,
    CRUDDUR_BACKEND_ENDPOINT: aws.endpoint,
    CRUDDUR_BACKEND_USE_PATH_STYLE: "true",
    ...more,
  });

  async function synthesize(name: string, settings: Settings): Promise<(stack: "network" | "app") => Terraform> {
    const outdir = join(folder, name, "cdktf.out");
    const { exitCode, stderr } = await synthesizeTo(outdir, settings);
    if (exitCode !== 0) throw new Error(stderr);
    return (stack) => new Terraform(stackFolder(outdir, stack), { environment: environment() });
  }

  const environment = () => ({ ...aws.environment, ...tfVariables() });

  async function stateAt(key: string): Promise<{ lineage: string; resources: { type: string; name: string }[] }> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  }

  /** Applies to the network's state, and says why when that fails. */
  async function apply(terraform: Terraform, ...targets: readonly string[]): Promise<void> {
    const { exitCode, stderr } = await terraform.attempt(
      "apply",
      "-auto-approve",
      "-input=false",
      "-no-color",
      ...targets,
    );
    if (exitCode !== 0) throw new Error(stderr);
  }

  const keys = async () =>
    (await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map(({ Key }) => Key).sort() ?? [];

  /** Holds the state's lock as a colleague does who looks at a plan before saying yes. */
  async function holdLock(terraform: Terraform): Promise<{ release: () => Promise<void> }> {
    const child: ChildProcess = spawn("terraform", ["apply", "-no-color", ...someOfNetwork], {
      cwd: terraform.directory,
      env: { ...process.env, ...environment() },
      stdio: ["pipe", "pipe", "ignore"],
    });
    let said = "";
    child.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    await until(() => said.includes("Enter a value:"), "the prompt that holds the lock");
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    return {
      release: async () => {
        child.stdin?.end("no\n");
        await ended;
      },
    };
  }

  describe.each([
    ["a lock file", "lockfile", {} as Settings],
    [
      "a DynamoDB table",
      "dynamodb",
      { CRUDDUR_BACKEND_USE_LOCKFILE: "false", CRUDDUR_BACKEND_DYNAMODB_TABLE: "locks" } as Settings,
    ],
  ])("with %s", (_what, name, lock) => {
    const own: Settings = {
      ...lock,
      CRUDDUR_BACKEND_KEYS_NETWORK: `${name}/${networkKey}`,
      CRUDDUR_BACKEND_KEYS_APP: `${name}/${appKey}`,
    };

    freshAccount();

    test(
      "keeps each stack's state at its key, and the app reads the network's",
      async () => {
        const terraform = await synthesize(name, s3Settings(own));
        await terraform("network").init();
        await apply(terraform("network"), ...someOfNetwork);
        const { resources } = await stateAt(`${name}/${networkKey}`);
        expect(resources.map((resource) => resource.type)).toContain("aws_security_group");

        await terraform("app").init();
        const plan = await terraform("app").plan({ args: ["-target=aws_db_instance.cruddur"] });
        const database = plan.resource_changes?.find(({ address }) => address === "aws_db_instance.cruddur");
        const outputs = await terraform("network").outputs();
        expect(database?.change.after?.vpc_security_group_ids).toEqual([outputs.rds_security_group_id?.value]);
      },
      2 * minute,
    );

    test(
      "lets one writer in at a time, and tells the other who holds the lock",
      async () => {
        const terraform = (await synthesize(`${name}-second`, s3Settings(own)))("network");
        await terraform.init();
        await apply(terraform, ...someOfNetwork);
        const before = await stateAt(`${name}/${networkKey}`);

        // What is gone gives the first writer something to be asked about.
        const first = (await synthesize(name, s3Settings(own)))("network");
        const destroyed = await terraform.attempt("destroy", "-auto-approve", "-target=aws_security_group.rds");
        expect(destroyed.exitCode).toBe(0);
        const holder = await holdLock(first);
        try {
          const refused = await terraform.attempt(
            "apply",
            "-auto-approve",
            "-input=false",
            "-no-color",
            ...someOfNetwork,
          );
          expect(refused.exitCode).toBe(1);
          expect(refused.stderr).toContain("Error acquiring the state lock");
          expect(refused.stderr).toMatch(/Who: +\S+@\S+/);
          expect(refused.stderr).toContain("OperationTypeApply");
        } finally {
          await holder.release();
        }
        await apply(terraform, ...someOfNetwork);
        expect((await stateAt(`${name}/${networkKey}`)).lineage).toBe(before.lineage);
        expect((await keys()).filter((key) => key?.endsWith(".tflock"))).toEqual([]);
      },
      3 * minute,
    );

    test(
      "two writers at once: both end with a whole state, one of them perhaps refused",
      async () => {
        const terraforms = [name, `${name}-second`].map((run) => {
          return new Terraform(stackFolder(join(folder, run, "cdktf.out"), "network"), { environment: environment() });
        });
        const runs = await Promise.all(
          terraforms.map((terraform) =>
            terraform.attempt(
              "apply",
              "-auto-approve",
              "-input=false",
              "-no-color",
              "-target=aws_security_group.alb_sg",
            ),
          ),
        );
        expect(runs.map(({ exitCode }) => exitCode)).toContain(0);
        for (const { exitCode, stderr } of runs) {
          if (exitCode !== 0) expect(stderr).toContain("Error acquiring the state lock");
        }
        const { resources } = await stateAt(`${name}/${networkKey}`);
        expect(resources.map((resource) => resource.name).sort()).toEqual(
          expect.arrayContaining(["alb_sg", "cruddur_ecs_sg", "rds"]),
        );
      },
      2 * minute,
    );
  });

  describe("on its way, and refused", () => {
    freshAccount();

    test(
      "moves from local to S3 and back, as the documentation says, without losing a resource",
      async () => {
        const directory = join(folder, "migration");
        const local: Settings = { CRUDDUR_BACKEND_DIRECTORY: directory };
        const terraform = (await synthesize("migration", local))("network");
        await terraform.init();
        await apply(terraform, ...someOfNetwork);
        const localFile = join(directory, "terraform.network.tfstate");
        const before = JSON.parse(readFileSync(localFile, "utf8"));
        expect(before.resources.length).toBeGreaterThan(0);

        const there: Settings = { ...s3Settings(), CRUDDUR_BACKEND_KEYS_NETWORK: "migrated/network.tfstate" };
        await synthesize("migration", there);
        const refused = await terraform.attempt("plan", "-input=false", "-no-color");
        expect([refused.exitCode, refused.stderr]).toEqual([
          1,
          expect.stringMatching(/Backend (initialization|configuration)/),
        ]);
        await terraform.init("-migrate-state", "-force-copy");
        const moved = await stateAt("migrated/network.tfstate");
        // Terraform 1.11 gives a migrated state a new lineage; what matters is what is in it.
        expect(moved.resources).toEqual(before.resources);

        rmSync(localFile);
        await synthesize("migration", local);
        await terraform.init("-migrate-state", "-force-copy");
        expect(existsSync(localFile)).toBe(true);
        expect(JSON.parse(readFileSync(localFile, "utf8")).resources).toEqual(before.resources);
      },
      2 * minute,
    );

    test(
      "a split state goes back to its key by state push, and an older one is refused",
      async () => {
        const directory = join(folder, "split");
        const network = (await synthesize("split", { CRUDDUR_BACKEND_DIRECTORY: directory }))("network");
        await network.init();
        await apply(network, "-target=aws_default_security_group.default", "-target=aws_vpc_endpoint.dynamodb");
        // As 02-app's: the whole state lies at the app's key.
        const whole = join(directory, "terraform.app.tfstate");
        renameSync(join(directory, "terraform.network.tfstate"), whole);
        const app = (await synthesize("split-shared", s3Settings({ CRUDDUR_BACKEND_KEYS_APP: "split/app" })))("app");
        await app.init();
        const succeeds = async (...args: [string, ...string[]]): Promise<string> => {
          const { exitCode, stdout, stderr } = await app.attempt(...args);
          if (exitCode !== 0) throw new Error(stderr);
          return stdout;
        };
        await succeeds("state", "push", whole);
        // Step 2 of the adoption: what is taken from the key has the lineage that lies there.
        writeFileSync(whole, await succeeds("state", "pull"));
        const before = await stateAt("split/app");
        const copy = join(directory, "copy.tfstate");
        cpSync(whole, copy);

        const files = [`-state=${whole}`, `-state-out=${join(directory, "terraform.network.tfstate")}`];
        await succeeds("state", "mv", ...files, "aws_vpc_endpoint.dynamodb", "aws_vpc_endpoint.dynamodb");
        await succeeds("state", "push", whole);
        const after = await stateAt("split/app");
        expect(after.lineage).toBe(before.lineage);
        const managed = ({ resources }: typeof after) =>
          resources.map(({ type }) => type).filter((type) => type !== "aws_vpc");
        expect(managed(before)).toEqual(expect.arrayContaining(["aws_default_security_group", "aws_vpc_endpoint"]));
        expect(managed(after)).toEqual(managed(before).filter((type) => type !== "aws_vpc_endpoint"));

        const refused = await app.attempt("state", "push", copy);
        expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("serial")]);
      },
      minute,
    );

    test(
      "a missing bucket is named",
      async () => {
        const terraform = (await synthesize("missing", s3Settings({ CRUDDUR_BACKEND_BUCKET: "no-such-states" })))(
          "network",
        );
        const { exitCode, stderr } = await terraform.attempt("init", "-input=false", "-no-color");
        expect([exitCode, stderr]).toEqual([1, expect.stringContaining('S3 bucket "no-such-states" does not exist')]);
      },
      minute,
    );

    test(
      "without permission nothing is read or written",
      async () => {
        const terraform = (await synthesize("denied", s3Settings()))("network");
        const iam = new IAMClient(client());
        await iam.send(new CreateUserCommand({ UserName: "stranger" }));
        const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "stranger" }));
        const before = await keys();
        // From here on moto asks IAM.
        await fetch(`${aws.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
        try {
          const stranger = new Terraform(terraform.directory, {
            environment: {
              ...environment(),
              AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
              AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey,
            },
          });
          const { exitCode, stderr } = await stranger.attempt("init", "-input=false", "-no-color");
          expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/AccessDenied|403/)]);
          expect(stderr).not.toContain(AccessKey?.SecretAccessKey);
        } finally {
          await fetch(`${aws.endpoint}/moto-api/reset-auth`, { method: "POST", body: "1000000" });
        }
        expect(await keys()).toEqual(before);
      },
      minute,
    );
  });
});
