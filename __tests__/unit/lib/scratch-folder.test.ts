import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import { runProcess } from "../../../lib/run-process";
import { scratchFolder } from "../../../lib/scratch-folder";
import { ifMounting, mountSmall } from "../../support/full-disk";

const folder = mkdtempSync(join(tmpdir(), "scratch-"));
const worker = join(folder, "worker.cjs");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const contents = 'console.log(require("./lib/scratch-folder").scratchFolder("plans", process.argv[2]));';
  buildSync({
    stdin: { contents, resolveDir: join(__dirname, "..", "..", "..") },
    outfile: worker,
    bundle: true,
    platform: "node",
    format: "cjs",
  });
});

/** A process that makes a folder and ends without removing it. */
async function left(parent: string): Promise<string> {
  const { stdout, stderr } = await runProcess(process.execPath, [worker, parent], { environment: process.env });
  return (stdout + stderr).trim();
}

test("a folder is the user's alone, and what ended commands have left is swept, and nothing else", async () => {
  const parent = join(folder, "shared");
  mkdirSync(parent);
  const mine = scratchFolder("plans", parent);
  expect(statSync(mine).mode & 0o777).toBe(0o700);
  const others = ["plans-abcdef", "cruddur-plans", basename(mine).replace(/-[0-9a-f]{8}-/, "-00000000-")];
  for (const name of others) mkdirSync(join(parent, name));
  const first = await left(parent);
  writeFileSync(join(first, "plan"), "secret");
  const reused = basename(mine).replace(/-[0-9a-f]{8}-(.{6})$/, "-00000000-$1");
  mkdirSync(join(parent, reused));
  const second = await left(parent);
  expect([existsSync(first), existsSync(second), existsSync(mine), existsSync(join(parent, reused))]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(readdirSync(parent)).toEqual(expect.arrayContaining(others));
});

test("a folder that isn't there, and a file in its place, are told in a sentence", () => {
  const missing = join(folder, "nowhere");
  const sentence = `No temporary folder can be made in "${missing}": it isn't there: make room, or use another folder.`;
  expect(() => scratchFolder("plans", missing)).toThrow(sentence);
  expect(() => scratchFolder("plans", worker)).toThrow("it is no folder");
});

ifMounting("a read-only folder and a full one are told in a sentence", () => {
  const mounted = join(folder, "mounted");
  mkdirSync(mounted);
  for (const [options, reason] of [
    ["ro", "the file system is read-only"],
    ["size=4k,nr_inodes=1", "there is no space left"],
  ] as const) {
    const unmount = mountSmall(mounted, options);
    try {
      expect(() => scratchFolder("plans", mounted)).toThrow(reason);
    } finally {
      unmount();
    }
  }
});
