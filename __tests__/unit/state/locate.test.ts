import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuredBackends, locate } from "../../../state/locate";
import { describeBackend, isSamePlace } from "../../../state/place";
import { defaultSettings } from "../../../tools/testing";
import { project } from "../../support/project";

const settings = defaultSettings();
const inS3 = {
  ...settings,
  backend: {
    ...settings.backend,
    type: "s3" as const,
    bucket: "states",
    region: "eu-central-1",
    keys: { network: "network.tfstate", app: "app.tfstate", images: "images.tfstate" },
  },
};
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "locate-")));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function initialized(record: object): void {
  mkdirSync(join(folder, ".terraform"), { recursive: true });
  writeFileSync(join(folder, ".terraform", "terraform.tfstate"), JSON.stringify(record));
}

test("the settings' places are those of the synthesized stacks", () => {
  const backends = configuredBackends(project, inS3);
  expect(describeBackend(backends.network)).toBe("s3://states/network.tfstate");
  expect(describeBackend(backends.app)).toBe("s3://states/app.tfstate");
});

test("a bucket and key, with all else from the settings", () => {
  const { backend } = locate("s3://states/a/b.tfstate", folder, project, inS3);
  expect(backend).toMatchObject({
    type: "s3",
    arguments: { bucket: "states", key: "a/b.tfstate", region: "eu-central-1" },
  });
  // Whatever the settings say of the network's key, it can be read as an old state's.
  const taken = locate(`s3://states/${inS3.backend.keys.network}`, folder, project, inS3);
  expect(taken.backend.arguments.key).toBe(inS3.backend.keys.network);
});

test("a state file, counted from the folder it was given in", () => {
  writeFileSync(join(folder, "old.tfstate"), "{}");
  const { backend, module } = locate("old.tfstate", folder, project, settings);
  expect([describeBackend(backend), module]).toEqual([join(folder, "old.tfstate"), undefined]);
});

test("a module with a state beside it", () => {
  writeFileSync(join(folder, "terraform.tfstate"), "{}");
  expect(locate(".", folder, project, settings)).toEqual({
    backend: { type: "local", arguments: { path: join(folder, "terraform.tfstate") } },
    module: folder,
    notes: [],
  });
});

test("a module that was initialized with S3: what its backend says goes before the settings", () => {
  initialized({ backend: { type: "s3", config: { bucket: "theirs", key: "k", region: "us-east-1", profile: null } } });
  const { backend } = locate(folder, folder, project, inS3);
  expect(backend.arguments).toMatchObject({ bucket: "theirs", key: "k", region: "us-east-1" });
  expect(backend.arguments).not.toHaveProperty("profile", null);
  expect(isSamePlace(backend, locate("s3://theirs/k", folder, project, inS3).backend)).toBe(true);
});

test("a record of Terraform 0.8", () => {
  const config = { bucket: "theirs", key: "k", region: "us-east-1", encrypt: "true" };
  initialized({ version: 3, remote: { type: "s3", config } });
  const { backend } = locate(folder, folder, project, inS3);
  expect(backend.arguments).toMatchObject({ bucket: "theirs", key: "k", encrypt: true });
});

describe("a workspace", () => {
  const variables = ["TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS_plan"];
  afterEach(() => {
    for (const name of variables) delete process.env[name];
  });
  const s3 = { backend: { type: "s3", config: { bucket: "theirs", key: "a/k", workspace_key_prefix: null } } };
  const place = () => describeBackend(locate(folder, folder, project, inS3).backend);
  const select = (name: string) => writeFileSync(join(folder, ".terraform", "environment"), name);

  test("that is selected in the module's folder has its own key", () => {
    initialized(s3);
    select("staging");
    expect(place()).toBe("s3://theirs/env:/staging/a/k");
    expect(locate(folder, folder, project, inS3).notes).toEqual([
      `Taking the workspace "staging", which ${join(folder, ".terraform", "environment")} selects`,
    ]);
  });

  test("that TF_WORKSPACE selects goes before it", () => {
    initialized(s3);
    select("staging");
    process.env.TF_WORKSPACE = "prod";
    expect(place()).toBe("s3://theirs/env:/prod/a/k");
    process.env.TF_WORKSPACE = "default";
    expect(place()).toBe("s3://theirs/a/k");
  });

  test.each([
    ["states", "s3://theirs/states/prod/a/k"],
    ["", "s3://theirs/prod/a/k"],
  ])("has the prefix %j that the backend says", (prefix, expected) => {
    initialized({ backend: { type: "s3", config: { ...s3.backend.config, workspace_key_prefix: prefix } } });
    process.env.TF_WORKSPACE = "prod";
    const { backend } = locate(folder, folder, project, inS3);
    expect(describeBackend(backend)).toBe(expected);
    expect(backend.arguments).not.toHaveProperty("workspace_key_prefix");
  });

  test.each([
    [{}, "terraform.tfstate.d/prod"],
    [{ path: "x.tfstate", workspace_dir: "spaces" }, "spaces/prod"],
  ])("of a local backend %j lies in a folder of its own", (config, expected) => {
    initialized({ backend: { type: "local", config } });
    mkdirSync(join(folder, expected), { recursive: true });
    writeFileSync(join(folder, expected, "terraform.tfstate"), "{}");
    process.env.TF_WORKSPACE = "prod";
    expect(place()).toBe(join(folder, expected, "terraform.tfstate"));
  });

  test("is read where TF_DATA_DIR has it", () => {
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data", "terraform.tfstate"), JSON.stringify(s3));
    writeFileSync(join(folder, "data", "environment"), "blue");
    process.env.TF_DATA_DIR = "data";
    expect(place()).toBe("s3://theirs/env:/blue/a/k");
  });

  test("is refused by name where TF_DATA_DIR has nothing and .terraform has", () => {
    initialized(s3);
    process.env.TF_DATA_DIR = "data";
    expect(place).toThrow(/TF_DATA_DIR is "data", where nothing is initialized, while .*\.terraform is/);
  });

  test("is refused by name where --from names the state of another one", () => {
    process.env.TF_WORKSPACE = "prod";
    expect(() => locate("s3://theirs/a/k", folder, project, inS3)).toThrow(/TF_WORKSPACE is "prod"/);
    expect(() => locate("s3://theirs/env:/prod/a/k", folder, project, inS3)).not.toThrow();
  });

  test("an argument that names a state is refused by name", () => {
    initialized(s3);
    process.env.TF_CLI_ARGS_plan = "-state=other.tfstate";
    expect(place).toThrow("TF_CLI_ARGS_plan has -state,");
  });
});

test.each<[string, () => string, RegExp]>([
  ["another kind of place", () => "gs://bucket/key", /give s3:\/\/BUCKET\/KEY/],
  ["a bucket without key", () => "s3://bucket/", /give s3:\/\/BUCKET\/KEY/],
  ["nothing", () => "missing.tfstate", /there is no /],
  ["a module without a state", () => folder, /holds no state/],
  [
    "another backend",
    () => {
      initialized({ backend: { type: "gcs", config: {} } });
      return folder;
    },
    /type "gcs"/,
  ],
  [
    "a damaged .terraform",
    () => {
      mkdirSync(join(folder, ".terraform"));
      writeFileSync(join(folder, ".terraform", "terraform.tfstate"), "{");
      return folder;
    },
    /is damaged/,
  ],
])("%s is refused with a sentence", (_what, from, sentence) => {
  expect(() => locate(from(), folder, project, inS3)).toThrow(sentence);
});
