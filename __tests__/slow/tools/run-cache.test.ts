/** The cache of tools/run.mjs: whatever happens to it, a run says what it says without one. */
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ifMounting, mountSmall } from "../../support/full-disk";
import { processesWith, until } from "../../support/processes";
import { Random } from "../../support/random";
import { SmallProject } from "../../support/small-project";

const fine = [0, "hello world\n", ""];
let small: SmallProject;
beforeAll(() => {
  small = new SmallProject();
  expect(small.run()).toEqual(fine);
});
afterAll(() => small.remove());

test("a bit flipped in any of its files is found, and the packages are bundled anew", () => {
  const random = new Random(18);
  const files = small.cached();
  expect(files.map((file) => file.replace(/-[0-9a-f]{16}/, ""))).toEqual([
    "entry-ts.cjs",
    "entry-ts.cjs.v8",
    "entry-ts.json",
  ]);
  for (const name of files) {
    for (let round = 0; round < 2; round += 1) {
      const file = join(small.cache, name);
      const whole = readFileSync(file);
      const damaged = Buffer.from(whole);
      const at = random.below(damaged.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
      writeFileSync(file, damaged);
      expect([name, at, ...small.run()]).toEqual([name, at, ...fine]);
      // What is kept then is whole again.
      expect(readFileSync(file).equals(damaged)).toBe(false);
    }
  }
});

test("a file of it that was cut, emptied or removed is made anew", () => {
  for (const name of small.cached()) {
    for (const size of [0, 10]) {
      truncateSync(join(small.cache, name), size);
      expect([name, size, ...small.run()]).toEqual([name, size, ...fine]);
    }
    rmSync(join(small.cache, name));
    expect(small.run()).toEqual(fine);
    expect(small.cached()).toHaveLength(3);
  }
});

test("where none can be kept, each run does without", () => {
  rmSync(small.cache, { recursive: true });
  writeFileSync(small.cache, "a file in the folder's place");
  expect(small.run()).toEqual(fine);
  rmSync(small.cache);
});

ifMounting("on a full disk, and on a read-only one, each run does without", () => {
  mkdirSync(small.cache, { recursive: true });
  for (const options of ["size=4k", "ro"]) {
    const unmount = mountSmall(small.cache, options);
    try {
      expect([options, ...small.run()]).toEqual([options, ...fine]);
    } finally {
      unmount();
    }
  }
});

test("no compiler stays beside what runs on, whether the packages were bundled or not", async () => {
  small.write("entry.ts", `${readFileSync(join(small.folder, "entry.ts"), "utf8")}\nsetTimeout(() => {}, 60_000);\n`);
  rmSync(small.cache, { recursive: true });
  for (const marker of [randomUUID(), randomUUID()]) {
    const child = spawn("node", ["tools/run.mjs", "entry.ts"], {
      cwd: small.folder,
      env: { ...process.env, XDG_MARKER: marker },
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(child.stdout, "data");
    await until(() => processesWith(marker).length === 1, "the compiler's end", 10_000);
    child.kill("SIGKILL");
  }
  small.write("entry.ts", readFileSync(join(small.folder, "entry.ts"), "utf8").replace(/\nsetTimeout.*\n/, ""));
});

test("runs side by side don't disturb each other, with the cache taken away meanwhile", async () => {
  const started = Array.from({ length: 6 }, () => {
    const child = spawn("node", ["tools/run.mjs", "entry.ts"], {
      cwd: small.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        said += chunk;
      });
    return once(child, "close").then(([code]) => [code, said]);
  });
  execFileSync("rm", ["-rf", small.cache]);
  expect(await Promise.all(started)).toEqual(started.map(() => [0, "hello world\n"]));
});
