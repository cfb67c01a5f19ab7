import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformHclModule } from "cdktf";
import { AddressedStack } from "../../../../constructs/terraform/addressed-stack";
import { ModuleFiles } from "../../../../constructs/terraform/module-files";
import { modules } from "../../../../eject";
import { projectApp } from "../../../../stacks/project-app";

const folder = mkdtempSync(join(tmpdir(), "module-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("files are in the stack's folder after each synth, a module's source leads to them, and they go with what is ejected", () => {
  const files = join(folder, "files");
  mkdirSync(join(files, "modules", "queue"), { recursive: true });
  writeFileSync(join(files, "modules", "queue", "main.tf"), "# a queue\n");
  writeFileSync(join(files, "policy.json"), "{}");
  const root = projectApp({ outdir: join(folder, "cdktf.out"), skipValidation: true });
  const stack = new AddressedStack(root, "app");
  new ModuleFiles(stack, "Files", files);
  new TerraformHclModule(stack, "queue", { source: "./modules/queue", skipAssetCreationFromLocalModules: true });
  root.synth();
  const own = join(folder, "cdktf.out", "stacks", "app");
  expect(readFileSync(join(own, "modules", "queue", "main.tf"), "utf8")).toBe("# a queue\n");
  expect(existsSync(join(own, "policy.json"))).toBe(true);
  expect(JSON.parse(readFileSync(join(own, "cdk.tf.json"), "utf8")).module.queue.source).toBe("./modules/queue");

  const [ejected] = modules({ stacks: [{ id: "app", folder: own }], out: join(folder, "out") });
  expect(ejected?.json).toMatchObject({ module: { queue: { source: "./modules/queue" } } });
  expect(ejected?.copies.map(([, to]) => to).sort()).toEqual(["modules", "policy.json"]);
});
