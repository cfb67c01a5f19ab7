import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuredBackends, locate } from "../../../state/locate";
import { describeBackend, isSamePlace } from "../../../state/place";
import { project } from "../../support/project";
import { defaultSettings } from "../../support/synth";

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
  });
});

test("a module that was initialized with S3: what its backend says goes before the settings", () => {
  initialized({ backend: { type: "s3", config: { bucket: "theirs", key: "k", region: "us-east-1", profile: null } } });
  const { backend } = locate(folder, folder, project, inS3);
  expect(backend.arguments).toMatchObject({ bucket: "theirs", key: "k", region: "us-east-1" });
  expect(backend.arguments).not.toHaveProperty("profile", null);
  expect(isSamePlace(backend, locate("s3://theirs/k", folder, project, inS3).backend)).toBe(true);
});

test.each<[string, () => string, RegExp]>([
  ["another kind of place", () => "gs://bucket/key", /give s3:\/\/BUCKET\/KEY/],
  ["a bucket without key", () => "s3://bucket/", /give s3:\/\/BUCKET\/KEY/],
  ["nothing", () => "missing.tfstate", /there is no /],
  ["a module without a state", () => folder, /holds no state/],
  [
    "a workspace",
    () => {
      initialized({});
      writeFileSync(join(folder, ".terraform", "environment"), "staging");
      return folder;
    },
    /workspace "staging"/,
  ],
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
