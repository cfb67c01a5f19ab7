/** Which providers the real Terraform takes beside a lock file. They are stand-ins in a mirror, which no init starts. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Initialization } from "../../../operations/deploy/initialized";
import { installProviderLock, keptLockFile, lockFileName } from "../../../terraform/provider-lock";
import { Terraform } from "../../../terraform/terraform";

const root = realpathSync(mkdtempSync(join(tmpdir(), "locked-")));
const project = join(root, "project");
const names = ["kept", "other"];
const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
let locked: Record<string, string>;
let count = 0;

function put(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o755 });
}

/** A folder that asks for these providers, with this lock file. */
function folderFor(required: readonly string[], lock = ""): string {
  count += 1;
  const folder = join(root, `folder-${count}`);
  const sources = Object.fromEntries(required.map((name) => [name, { source: `team/${name}` }]));
  put(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: sources } }));
  if (lock !== "") put(join(folder, lockFileName), lock);
  return folder;
}

const init = (folder: string, ...args: string[]) => new Terraform(folder).attempt("init", "-no-color", ...args);

beforeAll(async () => {
  for (const name of names) {
    for (const version of ["1.0.0", "1.1.0"]) {
      const place = join(root, "mirror", "registry.terraform.io", "team", name, version, platform);
      put(join(place, `terraform-provider-${name}_v${version}`), `#!/bin/sh\n# ${name} ${version}\n`);
    }
  }
  put(
    join(root, "terraformrc"),
    `provider_installation {\n  filesystem_mirror {\n    path = "${root}/mirror"\n  }\n}\n`,
  );
  process.env.TF_CLI_CONFIG_FILE = join(root, "terraformrc");
  const lockOf = async (name: string) => {
    const folder = folderFor([name]);
    put(
      join(folder, "version.tf"),
      `terraform {\n  required_providers {\n    ${name} = { source = "team/${name}", version = "1.0.0" }\n  }\n}\n`,
    );
    rmSync(join(folder, "cdk.tf.json"));
    expect(await init(folder)).toMatchObject({ exitCode: 0 });
    return readFileSync(join(folder, lockFileName), "utf8");
  };
  locked = { kept: await lockOf("kept"), other: await lockOf("other") };
  const ofTofu = locked.kept?.replace("registry.terraform.io", "registry.opentofu.org").replace(/^#.*\n/gm, "");
  put(join(project, keptLockFile), `${locked.kept}${ofTofu}`);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("--locked-providers", () => {
  const preparing = (required: readonly string[], lockedBy?: string) => {
    const folder = folderFor(required);
    installProviderLock(project, [folder]);
    const initialization = new Initialization(lockedBy);
    const prepare = () => initialization.prepare({ id: "app", folder }, new Terraform(folder));
    return { lockFile: join(folder, lockFileName), prepare };
  };

  test("takes the locked version, though there is a newer one, from a file that locks OpenTofu's, too", async () => {
    const { lockFile, prepare } = preparing(["kept"], project);
    await prepare();
    expect(readFileSync(lockFile, "utf8")).toMatch(/team\/kept" \{\n +version += "1\.0\.0"/);
  });

  test("refuses one that isn't locked, after the init and whenever it is there", async () => {
    const { prepare } = preparing(["kept", "other"], project);
    const sentence =
      "stacks/terraform.lock.hcl doesn't lock what app asks for: registry.terraform.io/team/other 1.1.0 would be taken, the newest of today. Run npm run lock, and commit the file.";
    await expect(prepare()).rejects.toThrow(sentence);
    await expect(prepare()).rejects.toThrow(sentence);
  });

  test("is not the default", async () => {
    const { lockFile, prepare } = preparing(["kept", "other"]);
    await prepare();
    expect(readFileSync(lockFile, "utf8")).toMatch(/team\/other" \{\n +version += "1\.1\.0"/);
  });
});

describe("what -lockfile=readonly makes of a lock file", () => {
  test.each([
    ["that locks what is asked for", () => locked.kept, 0],
    ["that locks OpenTofu's as well", () => readFileSync(join(project, keptLockFile), "utf8"), 1],
    ["that locks more than the folder asks for", () => `${locked.kept}${locked.other}`, 1],
    ["that locks nothing", () => "", 1],
  ])("%s", async (_, lock, expected) => {
    const { exitCode, stderr } = await init(folderFor(["kept"], lock()), "-lockfile=readonly");
    expect([exitCode, stderr]).toEqual([
      expected,
      expected === 0 ? "" : expect.stringContaining("Provider dependency changes detected"),
    ]);
  });

  test.each([[[]], [["-lockfile=readonly"]]])("that has no hash of this platform: refused with %j", async (args) => {
    const lock = locked.kept?.replace(/"h1:[^"]*"/, `"h1:${Buffer.alloc(32).toString("base64")}"`);
    const { exitCode, stderr } = await init(folderFor(["kept"], lock), ...args);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/doesn't match any of the checksums|checksums previously recorded/),
    ]);
  });
});
