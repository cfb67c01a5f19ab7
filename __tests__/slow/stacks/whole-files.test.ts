/** What a synth leaves where something goes wrong, and beside others. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ifMounting, mountSmall } from "../../support/full-disk";
import { stackFolder, synthesizeTo } from "../../support/project";

const folder = mkdtempSync(join(tmpdir(), "whole-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = (outdir: string, stack: string) => readFileSync(join(stackFolder(outdir, stack), "cdk.tf.json"), "utf8");
const leftovers = (outdir: string) => readdirSync(outdir).filter((name) => name.startsWith(".cruddur-"));

test("a stack's folder is the user's alone, whatever it was and whatever the umask: plans lie in it", async () => {
  const outdir = join(folder, "modes");
  mkdirSync(stackFolder(outdir, "app"), { recursive: true, mode: 0o755 });
  const before = process.umask(0o022);
  try {
    expect(await synthesizeTo(outdir)).toMatchObject({ exitCode: 0 });
  } finally {
    process.umask(before);
  }
  for (const stack of ["network", "app"]) expect(statSync(stackFolder(outdir, stack)).mode & 0o777).toBe(0o700);
  expect(leftovers(outdir)).toEqual([]);
}, 60_000);

test("synths side by side leave whole files, each one of theirs", async () => {
  const outdir = join(folder, "beside");
  const classes = ["db.t4g.small", "db.t4g.large", "db.t4g.2xlarge"];
  const runs = classes.map((name) => synthesizeTo(outdir, { CRUDDUR_DATABASE_INSTANCE_CLASS: name }));
  expect(await Promise.all(runs)).toEqual(runs.map(() => expect.objectContaining({ exitCode: 0, stderr: "" })));
  const { resource } = JSON.parse(json(outdir, "app"));
  expect(classes).toContain(resource.aws_db_instance.cruddur.instance_class);
  expect(Object.keys(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")).stacks)).toEqual([
    "app",
    "network",
  ]);
  expect(leftovers(outdir)).toEqual([]);
}, 60_000);

ifMounting(
  "a full disk and a read-only one are told in a sentence, and the files stay as they were",
  async () => {
    const outdir = join(folder, "mounted");
    mkdirSync(outdir);
    const attempts = [
      ["size=140k", "there is no space left on the disk"],
      ["size=1m", "the file system is read-only"],
    ] as const;
    for (const [options, reason] of attempts) {
      const unmount = mountSmall(outdir, options);
      try {
        expect(await synthesizeTo(outdir)).toMatchObject({ exitCode: 0 });
        const before = [json(outdir, "network"), json(outdir, "app")];
        if (options === "size=1m") mountSmall(outdir, "remount,ro");
        else fill(join(outdir, "fill"));
        const { exitCode, stderr } = await synthesizeTo(outdir, { CRUDDUR_DATABASE_INSTANCE_CLASS: "db.t4g.small" });
        expect([exitCode, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^Error: .*${reason}.*\\.\\n$`))]);
        expect([json(outdir, "network"), json(outdir, "app")]).toEqual(before);
        if (options !== "size=1m") expect(leftovers(outdir)).toEqual([]);
      } finally {
        unmount();
      }
    }
  },
  60_000,
);

/** Leaves a few kilobytes: less than a synth needs, so that it breaks off in the middle. */
function fill(file: string): void {
  for (let size = 4096; ; size += 4096) {
    try {
      writeFileSync(file, Buffer.alloc(size));
    } catch {
      writeFileSync(file, Buffer.alloc(Math.max(size - 3 * 4096, 0)));
      return;
    }
  }
}
