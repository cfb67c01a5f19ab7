import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { project } from "../../../lib/project";

const folder = mkdtempSync(join(tmpdir(), "rename-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rename = (...args: string[]) =>
  spawnSync(process.execPath, [join(project, "tools", "rename-imports.mjs"), ...args], { encoding: "utf8" });

test("renames imports of every form, and nothing else", () => {
  const files = {
    "stacks/app.ts": [
      'import { App } from "cdktf";',
      'import { Lb } from "@cdktf/provider-aws/lib/lb";',
      'import { Image } from "@cdktf/provider-docker/lib/image";',
      'import type { X } from "cdktf/lib/x";',
      'const y = require("cdktf") as typeof import("cdktf");',
      'const file = "cdktf.json"; // from "cdktf-cli"',
      'export { z } from "../cdktf";',
    ],
    "node_modules/one/index.js": ['require("cdktf")'],
    "README.md": ['from "cdktf"'],
  };
  for (const [file, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), lines.join("\n"));
  }
  const { status, stdout } = rename(folder);
  expect([status, stdout]).toEqual([0, `${join(folder, "stacks", "app.ts")}\n5 imports renamed in 1 files.\n`]);
  expect(readFileSync(join(folder, "stacks", "app.ts"), "utf8").split("\n")).toEqual([
    'import { App } from "cdktn";',
    'import { Lb } from "@cdktn/provider-aws/lib/lb";',
    'import { Image } from "@cdktf/provider-docker/lib/image";',
    'import type { X } from "cdktn/lib/x";',
    'const y = require("cdktn") as typeof import("cdktn");',
    'const file = "cdktf.json"; // from "cdktf-cli"',
    'export { z } from "../cdktf";',
  ]);
  expect(readFileSync(join(folder, "node_modules", "one", "index.js"), "utf8")).toBe('require("cdktf")');
  expect(rename(folder).stdout).toBe("0 imports renamed in 0 files.\n");
});

test("tells how it is used, and refuses a folder that isn't there", () => {
  expect(rename("--help")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: /) });
  expect(rename("/no/such")).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Error: there is no folder/) });
  expect(existsSync("/no/such")).toBe(false);
});
