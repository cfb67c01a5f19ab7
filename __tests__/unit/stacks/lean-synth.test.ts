import { runProcess } from "../../../lib/run-process";
import { project } from "../../support/project";

/** Prints what main.ts loads at once: not what is required later, when something asks for it. */
const script = `
const { build } = require("esbuild");
build({ entryPoints: ["main.ts"], bundle: true, write: false, platform: "node", packages: "external", metafile: true }).then(({ metafile }) => {
  const loaded = new Set();
  const load = (file) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind } of metafile.inputs[file]?.imports ?? []) if (kind === "import-statement") load(path);
  };
  load("main.ts");
  console.log(JSON.stringify([...loaded]));
});`;

test("a synth of the default settings loads no Docker provider, no hashing of contexts and no AWS client", async () => {
  const { stdout, stderr } = await runProcess(process.execPath, ["-e", script], { cwd: project });
  expect(stderr).toBe("");
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded).toContain("stacks/app.ts");
  expect(loaded.filter((file) => file.startsWith("images/"))).toEqual(["images/tag.ts"]);
  const isOwn = (file: string) => /\.ts$|^lib\//.test(file);
  const packages = loaded.filter((file) => !isOwn(file) && !file.startsWith("@cdktf/provider-aws/lib/"));
  expect(packages.filter((name) => !name.startsWith("node:")).sort()).toEqual([
    "cdktf",
    "constructs",
    "fastest-levenshtein",
    "zod",
  ]);
});
