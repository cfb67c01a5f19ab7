// This folder is the team's: an update leaves it alone (docs/testing.md).
import { makeProjectStacks } from "../../tools/testing";

test("Terraform and its provider take our stacks", () => {
  const { root } = makeProjectStacks();
  root.synth();
  expect(root.outdir).toBeValidTerraform();
}, 120_000);
