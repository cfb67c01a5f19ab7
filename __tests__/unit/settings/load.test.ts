import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../../settings/load";

const directory = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(directory, { recursive: true }));

function load(file: unknown, environment: NodeJS.ProcessEnv = {}) {
  const path = join(directory, "settings.json");
  rmSync(path, { force: true });
  if (file !== undefined) writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
  return loadSettings({ directory, environment });
}

function problemsOf(file: unknown, environment: NodeJS.ProcessEnv = {}): string {
  try {
    load(file, environment);
  } catch (error) {
    expect((error as Error).name).toBe("UserError");
    return (error as Error).message;
  }
  throw new Error("No problem was found");
}

describe("loadSettings", () => {
  test("without a file takes the defaults", () => {
    const { settings, effective } = load(undefined);
    expect(settings).toEqual({
      awsProviderVersion: "5.100.0",
      terraformEnvironment: [],
      variableFiles: [],
      preventDestroy: true,
      preventDestroyExcept: [],
      defaultTags: {},
      authz: true,
      envoy: { denialStatus: 401 },
      hardening: { level: 0, steps: {} },
      honeycomb: { region: "us" },
      backendTraces: "xray",
      allowedAccountIds: [],
      backend: {
        type: "local",
        directory: ".",
        keys: { network: "cruddur/network.tfstate", images: "cruddur/images.tfstate" },
        useLockfile: true,
        usePathStyle: false,
      },
      database: { instanceClass: "db.t3.micro", engineVersion: "14.6" },
      logs: { retentionDays: 1 },
      circuitBreaker: false,
      autoscaling: {},
      alarms: { enabled: false, emails: [], databaseConnections: 60 },
      sqlFiles: { schema: [], seed: [] },
      lambdaFunctions: {},
      images: {
        enabled: false,
        deploy: "state",
        pythonBase: "python:3.10-slim-buster",
        platform: "linux/amd64",
      },
      subnetFilters: {},
    });
    expect(effective.every(({ origin }) => origin === "default")).toBe(true);
  });

  test("takes the environment over the file over the defaults, and tells which", () => {
    const { settings, effective } = load(
      { authz: false, database: { instanceClass: "db.t4g.micro", engineVersion: "14.9" } },
      { CRUDDUR_DATABASE_ENGINE_VERSION: "15", CRUDDUR_PREVENT_DESTROY: "false", PATH: "/bin" },
    );
    expect(settings).toMatchObject({
      authz: false,
      preventDestroy: false,
      database: { instanceClass: "db.t4g.micro", engineVersion: "15" },
    });
    const origins = Object.fromEntries(effective.map(({ path, origin }) => [path, origin]));
    expect(origins).toMatchObject({
      authz: "settings.json",
      "database.instanceClass": "settings.json",
      "database.engineVersion": "CRUDDUR_DATABASE_ENGINE_VERSION",
      preventDestroy: "CRUDDUR_PREVENT_DESTROY",
      "backend.type": "default",
    });
  });

  test("takes lists and maps from the environment as JSON", () => {
    const { settings } = load(undefined, { CRUDDUR_SUBNET_FILTERS: '{"tag:tier":["public"]}' });
    expect(settings.subnetFilters).toEqual({ "tag:tier": ["public"] });
  });

  test("reports everything wrong at once, with name, origin, value and what is allowed", () => {
    const text = problemsOf(
      { authz: "yes", database: { instanceClass: "t3.micro", engine: "x" }, preventDestory: false },
      { CRUDDUR_AWS_PROVIDER_VERSION: "latest", CRUDDUR_AUTH: "1" },
    );
    expect(text.split("\n").sort()).toEqual(
      [
        "Wrong settings:",
        "  - CRUDDUR_AUTH (environment) is not a setting: did you mean CRUDDUR_AUTHZ?",
        '  - authz (settings.json) is "yes": allowed is true or false',
        '  - awsProviderVersion (CRUDDUR_AWS_PROVIDER_VERSION) is "latest": allowed is a Terraform version constraint on hashicorp/aws, from 4.55 and below 6, such as "5.100.0" or "~> 4.67", or from 6.5 and below 7, such as "~> 6.37"',
        "  - database.engine (settings.json) is not a setting: did you mean database.engineVersion?",
        '  - database.instanceClass (settings.json) is "t3.micro": allowed is an RDS instance class such as "db.t3.micro"',
        "  - preventDestory (settings.json) is not a setting: did you mean preventDestroy?",
      ].sort(),
    );
  });

  test("gives the reason where the shape alone is right", () => {
    expect(problemsOf({ awsProviderVersion: "~> 6.0" })).toContain(
      '  - awsProviderVersion (settings.json) is "~> 6.0": it allows 6.0 to 6.4, which can plan to replace resources because of their new argument region; allowed is a Terraform version constraint on hashicorp/aws, from 4.55',
    );
  });

  test("with the S3 backend wants bucket and the app's key, and a key for each stack", () => {
    expect(problemsOf({ backend: { type: "s3" }, authz: 1 }).split("\n")).toEqual([
      "Wrong settings:",
      expect.stringContaining("authz (settings.json) is 1"),
      expect.stringContaining('backend.bucket is missing: with the backend "s3" give the name of an S3 bucket'),
      expect.stringContaining('backend.keys.app is missing: with the backend "s3" give the key of the app\'s state'),
    ]);
    const same = { type: "s3", bucket: "states", keys: { network: "a/b", app: "a/b" } };
    expect(problemsOf({ backend: same })).toContain(
      'backend.keys.network and backend.keys.app are both "a/b": give each stack a state of its own',
    );
    const images = { type: "s3", bucket: "states", keys: { app: "cruddur/images.tfstate" } };
    expect(problemsOf({ backend: images, images: { enabled: true } })).toContain(
      'backend.keys.app and backend.keys.images are both "cruddur/images.tfstate"',
    );
    expect(load({ backend: images }).settings.images.enabled).toBe(false);
    const unnamed = { type: "s3", bucket: "states", keys: { app: "cruddur/network.tfstate" } };
    expect(problemsOf({ backend: unnamed })).toContain('are both "cruddur/network.tfstate"');
  });

  test.each([
    ["images.platform", { images: { platform: "windows" } }],
    ["images.pythonBase", { images: { pythonBase: "python" } }],
    ["images.pythonBase", { images: { pythonBase: "localhost:5000/python" } }],
    ["images.dockerHost", { images: { dockerHost: "/run/podman.sock" } }],
    ["images.registry", { images: { registry: "https://registry.example.com" } }],
    ["images.deploy", { images: { deploy: "tag" } }],
    ["images.userPoolId", { images: { userPoolId: "pool" } }],
  ])("refuses a wrong %s", (name, file) => {
    expect(problemsOf(file)).toContain(`  - ${name} (settings.json) is `);
  });

  test("takes images by tag and by digest", () => {
    const digest = `localhost:5000/python@sha256:${"a".repeat(64)}`;
    for (const pythonBase of ["python:3.12-slim", "public.ecr.aws/docker/library/python:3.12", digest]) {
      expect(load({ images: { pythonBase } }).settings.images.pythonBase).toBe(pythonBase);
    }
  });

  test("tells how a setting with a dotted name is written", () => {
    expect(problemsOf({ "database.engineVersion": "15" })).toContain(
      'database.engineVersion (settings.json) is not a setting: write it as { "database": { "engineVersion": … } }',
    );
  });

  test("refuses a named file that isn't there; an empty name is none", () => {
    expect(problemsOf(undefined, { CRUDDUR_SETTINGS: "other.json" })).toMatch(/other\.json can't be read \(ENOENT\)/);
    expect(problemsOf(undefined, { CRUDDUR_SETTINGS: '"other.json"\r' })).toMatch(/\/other\.json can't be read/);
    expect(load({ authz: false }, { CRUDDUR_SETTINGS: "" }).settings.authz).toBe(false);
  });
});
