import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installProviderLock, keptLockFile, lockFileName, unlockedProviders } from "../../../terraform/provider-lock";

const project = mkdtempSync(join(tmpdir(), "provider-lock-"));
afterAll(() => rmSync(project, { recursive: true }));

const block = (source: string) =>
  `provider "${source}" {\n  version = "5.100.0"\n  hashes = [\n    "h1:one=",\n  ]\n}\n`;
const [terraform, openTofu, docker] = [
  "registry.terraform.io/hashicorp/aws",
  "registry.opentofu.org/hashicorp/aws",
  "registry.terraform.io/kreuzwerker/docker",
].map(block) as [string, string, string];

mkdirSync(join(project, dirname(keptLockFile)));
writeFileSync(join(project, keptLockFile), `${terraform}\n${openTofu}`);

function installed(noted: string | undefined): string {
  const copy = join(project, lockFileName);
  rmSync(copy, { force: true });
  if (noted !== undefined) writeFileSync(copy, noted);
  installProviderLock(project, [project]);
  return readFileSync(copy, "utf8");
}

describe("a stack's lock file", () => {
  afterEach(() => delete process.env.TERRAFORM_BINARY_NAME);

  test("is the project's at first, for either tool", () => {
    expect(installed(undefined)).toBe(`${terraform}\n${openTofu}`);
  });

  test("stays as Terraform's init has left it, so that a plan after a synth needs no init", () => {
    expect(installed(terraform)).toBe(terraform);
    expect(installed(`${terraform}\n${docker}`)).toBe(`${terraform}\n${docker}`);
  });

  test("has both tools' blocks again once OpenTofu runs", () => {
    process.env.TERRAFORM_BINARY_NAME = "tofu";
    expect(installed(terraform)).toBe(`${terraform}\n${openTofu}`);
  });
});

describe("what the project's file doesn't lock", () => {
  test.each([
    ["nothing, of either tool", `${terraform}\n${openTofu}`, []],
    ["nothing, where one tool has dropped the other's", terraform, []],
    [
      "a provider that it doesn't name",
      `${terraform}\n${docker}`,
      ["registry.terraform.io/kreuzwerker/docker 5.100.0"],
    ],
    ["another version", terraform.replace("5.100.0", "5.101.0"), ["registry.terraform.io/hashicorp/aws 5.101.0"]],
  ])("%s", (_, selected, expected) => {
    writeFileSync(join(project, lockFileName), selected);
    expect(unlockedProviders(project, project)).toEqual(expected);
  });

  test("everything, where there is no such file", () => {
    writeFileSync(join(project, lockFileName), terraform);
    const none = mkdtempSync(join(tmpdir(), "no-lock-"));
    expect(unlockedProviders(none, project)).toEqual(["registry.terraform.io/hashicorp/aws 5.100.0"]);
    expect(unlockedProviders(project, none)).toEqual([]);
    rmSync(none, { recursive: true });
  });
});
