import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mirrorModule } from "../../../state/mirror";
import { defaultSettings } from "../../../tools/testing";
import { project } from "../../support/project";

let folder: string;
let moduleFolder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mirror-")));
  moduleFolder = join(folder, "repository", "a", "b", "c", "d", "02-app");
  for (const name of [".terraform/modules", "terraform.tfstate.d"])
    mkdirSync(join(moduleFolder, name), { recursive: true });
  for (const name of ["repository/modules", "repository/.git", "neighbour"]) mkdirSync(join(folder, name));
  const files = ["ecs.tf", "terraform.tfvars", "other.tfstate", "terraform.tfstate", ".terraform.lock.hcl"];
  for (const name of files) writeFileSync(join(moduleFolder, name), "");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mirrored = (workspace?: string) =>
  mirrorModule(moduleFolder, join(folder, "copy"), { project, settings: defaultSettings(), workspace });

test("everything is there but what Terraform keeps for itself, and nothing is written into the module", () => {
  const { folder: mirror, statePath } = mirrored();
  for (const name of ["ecs.tf", "terraform.tfvars", "other.tfstate"]) {
    expect(lstatSync(join(mirror, name)).isSymbolicLink()).toBe(true);
  }
  for (const name of ["terraform.tfstate", "terraform.tfstate.d", ".terraform"]) {
    expect(existsSync(join(mirror, name))).toBe(false);
  }
  // Folders of the repository are found however far up, and so are its neighbours.
  expect(existsSync(join(mirror, "..", "..", "..", "..", "..", "modules"))).toBe(true);
  expect(existsSync(join(mirror, "../../../../../..", "neighbour"))).toBe(true);
  const override = JSON.parse(readFileSync(join(mirror, "~state_override.tf.json"), "utf8"));
  expect(override.terraform).toMatchObject({
    required_version: ">= 1.0",
    backend: { local: { path: statePath } },
    required_providers: { aws: { version: defaultSettings().awsProviderVersion } },
  });
  expect(existsSync(dirname(statePath))).toBe(true);
  expect(existsSync(join(moduleFolder, "~state_override.tf.json"))).toBe(false);
});

test("without a repository, folders are found up to the root", () => {
  rmSync(join(folder, "repository", ".git"), { recursive: true });
  const { folder: mirror } = mirrored();
  expect(existsSync(join(mirror, "../".repeat(moduleFolder.split("/").length - 1), "usr"))).toBe(true);
});

test("a link to the module counts as the folder that it leads to", () => {
  symlinkSync(moduleFolder, join(folder, "link"));
  const { folder: mirror } = mirrorModule(join(folder, "link"), join(folder, "copy"), {
    project,
    settings: defaultSettings(),
  });
  expect(existsSync(join(mirror, "..", "..", "..", "..", "..", "modules"))).toBe(true);
});

test("the module's workspace has its state where Terraform looks for it", () => {
  const { folder: mirror, statePath } = mirrored("prod");
  const { backend } = JSON.parse(readFileSync(join(mirror, "~state_override.tf.json"), "utf8")).terraform;
  expect(statePath).toBe(join(backend.local.workspace_dir, "prod", "terraform.tfstate"));
});

test("modules and further providers stay at the versions that were installed", () => {
  const random = 'provider "registry.terraform.io/hashicorp/random" {\n  version = "3.6.0"\n}\n';
  const aws = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "4.67.0"\n}\n';
  writeFileSync(join(moduleFolder, ".terraform.lock.hcl"), `# Kept by Terraform.\n\n${aws}\n${random}`);
  writeFileSync(join(moduleFolder, ".terraform", "modules", "modules.json"), '{"Modules":[]}');
  mkdirSync(join(moduleFolder, ".terraform", "modules", "vpc"));
  const { folder: mirror } = mirrored();
  const lock = readFileSync(join(mirror, ".terraform.lock.hcl"), "utf8");
  expect([...lock.matchAll(/^provider "([^"]+)"/gm)].map(([, name]) => name)).toEqual(
    expect.arrayContaining(["registry.terraform.io/hashicorp/aws", "registry.terraform.io/hashicorp/random"]),
  );
  expect(lock).not.toContain("4.67.0");
  expect(lstatSync(join(mirror, ".terraform", "modules", "vpc")).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(mirror, ".terraform", "modules", "modules.json")).isFile()).toBe(true);
});
