import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  blockLocation,
  mirrorModule,
  ownVariableFiles,
  requireModule,
  sources,
  transientBlocks,
} from "../../../state/old-module";
import { project } from "../../support/project";
import { defaultSettings } from "../../support/synth";

let folder: string;
let moduleFolder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "old-module-")));
  moduleFolder = join(folder, "repository", "infra", "02-app");
  mkdirSync(join(moduleFolder, ".terraform"), { recursive: true });
  mkdirSync(join(folder, "repository", "shared"));
  writeFileSync(join(moduleFolder, "ecs.tf"), '\nresource "aws_ecs_cluster" "cruddur" {\n  name = "cruddur"\n}\n');
  writeFileSync(join(moduleFolder, "terraform.tfstate"), "{}");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the mirror links what the module and the folders above it have, and no states", () => {
  const statePath = join(folder, "state", "terraform.tfstate");
  const mirror = mirrorModule(moduleFolder, join(folder, "mirror"), {
    project,
    settings: defaultSettings(),
    statePath,
  });
  expect(lstatSync(join(mirror, "ecs.tf")).isSymbolicLink()).toBe(true);
  expect(existsSync(join(mirror, "..", "..", "shared"))).toBe(true);
  expect(existsSync(join(mirror, "terraform.tfstate"))).toBe(false);
  expect(existsSync(join(mirror, ".terraform"))).toBe(false);
  const override = JSON.parse(readFileSync(join(mirror, "zz_state_override.tf.json"), "utf8"));
  expect(override.terraform).toMatchObject({
    required_version: ">= 1.0",
    backend: { local: { path: statePath } },
    required_providers: { aws: { version: defaultSettings().awsProviderVersion } },
  });
  expect(existsSync(join(moduleFolder, "zz_state_override.tf.json"))).toBe(false);
});

test("blocks are found by type and name", () => {
  expect(blockLocation(sources(moduleFolder), "aws_ecs_cluster", "cruddur")).toBe("ecs.tf:2");
  expect(blockLocation(sources(moduleFolder), "aws_ecs_cluster", "crud")).toBeUndefined();
  expect(blockLocation(sources(moduleFolder), "aws_ecs", "cruddur")).toBeUndefined();
});

test("blocks for one plan are found, comments and resources are none", () => {
  writeFileSync(
    join(moduleFolder, "moves.tf"),
    'moved {\n}\n# import {\nimport {\n}\n  removed {\n}\nresource "import" "a" {\n}\n',
  );
  expect(transientBlocks(sources(moduleFolder))).toEqual([
    "moves.tf:1 (moved)",
    "moves.tf:4 (import)",
    "moves.tf:6 (removed)",
  ]);
});

test("the variable files that Terraform loads by itself", () => {
  for (const name of [
    "terraform.tfvars",
    "b.auto.tfvars",
    "a.auto.tfvars.json",
    "other.tfvars",
    "terraform.tfvars.example",
  ]) {
    writeFileSync(join(moduleFolder, name), "");
  }
  expect(ownVariableFiles(moduleFolder)).toEqual(
    ["a.auto.tfvars.json", "b.auto.tfvars", "terraform.tfvars"].map((name) => join(moduleFolder, name)),
  );
});

test.each([
  ["a file", () => join(moduleFolder, "ecs.tf"), /give the folder of the old/],
  ["nothing", () => join(moduleFolder, "missing"), /give the folder of the old/],
  ["a folder without Terraform", () => folder, /holds no \.tf file/],
])("%s is refused as a module", (_what, path, sentence) => {
  expect(() => requireModule(path())).toThrow(sentence);
});
