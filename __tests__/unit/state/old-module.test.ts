import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireModule } from "../../../state/old-module";

let folder: string;
let moduleFolder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "old-module-")));
  moduleFolder = join(folder, "repository", "infra", "02-app");
  mkdirSync(moduleFolder, { recursive: true });
  writeFileSync(join(moduleFolder, "ecs.tf"), '\nresource "aws_ecs_cluster" "cruddur" {\n  name = "cruddur"\n}\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["a file", () => join(moduleFolder, "ecs.tf"), /give the folder of the old/],
  ["nothing", () => join(moduleFolder, "missing"), /give the folder of the old/],
  ["a folder without Terraform", () => folder, /holds no \.tf file/],
])("%s is refused as a module", (_what, path, sentence) => {
  expect(() => requireModule(path())).toThrow(sentence);
});
