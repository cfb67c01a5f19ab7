import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { projectApp } from "../../../stacks/project-app";
import { oldestTerraform } from "../../../terraform/oldest-terraform";

test("the root of the stacks says which Terraform and OpenTofu they are for, and keeps a context of one's own", () => {
  const { node } = projectApp({ context: { own: "value" } });
  expect(node.tryGetContext("targetVersions")).toEqual({
    terraform: `>=${oldestTerraform}`,
    opentofu: `>=${oldestTerraform}`,
  });
  expect(node.tryGetContext("own")).toBe("value");
});

test("no other source makes an app", () => {
  const sources = execFileSync("git", ["ls-files", "*.ts"], { cwd: project, encoding: "utf8" }).trim().split("\n");
  const others = sources.filter(
    (file) => !file.startsWith("__tests__/") && /\bnew App\(/.test(readFileSync(join(project, file), "utf8")),
  );
  expect(others).toEqual(["stacks/project-app.ts"]);
});
