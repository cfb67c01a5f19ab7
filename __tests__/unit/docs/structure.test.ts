import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { project } from "../../../lib/project";
import { documentedRows } from "../../support/documented-tables";

const rows = documentedRows("The folders", "structure.md");

test("every folder with sources has its row, and every row its folder", () => {
  const files = execFileSync("git", ["ls-files", "*.ts", "*.mjs"], { cwd: project, encoding: "utf8" })
    .trim()
    .split("\n");
  const tops = new Set(files.map((file) => (file.includes("/") ? file.replace(/\/.*/, "/") : file)));
  expect(rows.map(([folder]) => folder).sort()).toEqual([...tops].sort());
});

describe("npm run imports", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function imports(sources: Readonly<Record<string, string>>): {
    readonly status: number | null;
    readonly text: string;
  } {
    const tree = mkdtempSync(join(folder, "tree-"));
    for (const file of [".dependency-cruiser.cjs", "tsconfig.json", "docs/structure.md"]) {
      cpSync(join(project, file), join(tree, file));
    }
    for (const [file, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    const binary = join(project, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
    const options = ["--config", ".dependency-cruiser.cjs", "--output-type", "err", "."];
    const { status, stdout } = spawnSync(process.execPath, [binary, ...options], {
      cwd: tree,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    return { status, text: stdout };
  }

  test("refuses what the table doesn't allow, types included, and circles", () => {
    const { status, text } = imports({
      "lib/one.ts": 'import "../services/names";',
      "node_modules/cdktf/index.js": "",
      "services/names.ts": 'import { App } from "cdktf";\nexport const app = App;',
      "settings/schema.ts": "export type Settings = object;",
      "constructs/rds/database.ts":
        'import type { Settings } from "../../settings/schema";\nexport type Props = Settings;',
      "constructs/terraform/a.ts": 'import "./b";',
      "constructs/terraform/b.ts": 'import "./a";',
      "terraform/plan.ts": 'import "../stacks/app";',
      "stacks/app.ts": 'import "cdktf";\nimport "../constructs/rds/database";',
    });
    const found = [...text.matchAll(/error ([\w-]+): (\S+) →\s+(\S+)/g)].map(([, rule, from, to]) => [rule, from, to]);
    expect(found.sort()).toEqual([
      ["constructs-imports", "constructs/rds/database.ts", "settings/schema.ts"],
      ["lib-imports", "lib/one.ts", "services/names.ts"],
      ["no-circles", "constructs/terraform/a.ts", "constructs/terraform/b.ts"],
      ["services-imports", "services/names.ts", "node_modules/cdktf/index.js"],
      ["terraform-imports", "terraform/plan.ts", "stacks/app.ts"],
    ]);
    expect(status).toBeGreaterThan(0);
  });
});
