import { lockBlocks, versionIn, withNotedHashes, withOtherRegistry } from "../../../terraform/lock-blocks";

const block = (registry: string, version: string, hashes: readonly string[] = [], name = "aws") =>
  [
    `provider "${registry}/hashicorp/${name}" {`,
    `  version     = "${version}"`,
    `  constraints = "~> 5.0"`,
    ...(hashes.length > 0 ? ["  hashes = [", ...hashes.map((hash) => `    "${hash}",`), "  ]"] : []),
    "}\n",
  ].join("\n");
const [terraform, tofu] = ["registry.terraform.io", "registry.opentofu.org"] as const;

test("blocks are found by their source, with their version", () => {
  const text = `# Comment.\n\n${block(terraform, "5.100.0", ["zh:1"])}\n${block(tofu, "5.99.0")}`;
  const blocks = lockBlocks(text);
  expect([...blocks].map(([source, one]) => [source, versionIn(one)])).toEqual([
    [`${terraform}/hashicorp/aws`, "5.100.0"],
    [`${tofu}/hashicorp/aws`, "5.99.0"],
  ]);
});

describe("what one tool has locked", () => {
  const aws = (registry: string) => `${registry}/hashicorp/aws`;

  test.each([
    ["Terraform", terraform, tofu],
    ["OpenTofu", tofu, terraform],
  ])("%s's stands beside the other's hashes of the same version", (_, own, other) => {
    const made = block(own, "5.100.0", ["zh:new"]);
    const known = block(other, "5.100.0", ["zh:other"]);
    const { blocks, open } = withOtherRegistry(made, block(own, "5.99.0", ["zh:old"]) + known);
    expect(open).toEqual([]);
    expect([blocks.get(aws(own)), blocks.get(aws(other))]).toEqual([made, known]);
    expect([...blocks.keys()]).toEqual([aws(terraform), aws(tofu)]);
  });

  test("leaves the other without hashes where they are of another version, or unknown", () => {
    for (const kept of ["", block(tofu, "5.99.0", ["zh:other"]), block(tofu, "5.100.0")]) {
      const { blocks, open } = withOtherRegistry(block(terraform, "5.100.0", ["zh:new"]), kept);
      expect(open).toEqual([aws(tofu)]);
      expect(blocks.get(aws(tofu))).toBe(block(tofu, "5.100.0"));
    }
  });

  test("a provider with a registry of its own has no other", () => {
    const made = block("example.com", "1.0.0", ["zh:1"]);
    expect(withOtherRegistry(made, "")).toEqual({ blocks: lockBlocks(made), open: [] });
  });
});

test("noted hashes stay for the same version, and never take the place of kept ones", () => {
  const noted = block(tofu, "5.100.0", ["h1:noted"]) + block(terraform, "5.100.0", ["h1:local"]);
  const kept = `# Kept.\n\n${block(terraform, "5.100.0", ["zh:kept"])}\n${block(tofu, "5.100.0")}`;
  expect(withNotedHashes(kept, noted)).toBe(
    `# Kept.\n\n${block(terraform, "5.100.0", ["zh:kept"])}\n${block(tofu, "5.100.0", ["h1:noted"])}`,
  );
  expect(withNotedHashes(kept.replaceAll("5.100.0", "5.101.0"), noted)).not.toContain("noted");
});
