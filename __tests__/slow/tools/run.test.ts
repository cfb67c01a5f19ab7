import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { project } from "../../../lib/project";

describe("tools/run.mjs", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "run-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  beforeAll(() => {
    for (const file of ["tools/run.mjs", "lib/write-whole.js"]) {
      cpSync(join(project, file), join(folder, file));
    }
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["esbuild", "@esbuild", "compare-versions"]) {
      symlinkSync(join(project, "node_modules", name), join(folder, "node_modules", name));
    }
    write("package.json", '{"engines":{"node":">=20.9"}}');
    write("node_modules/greeting/package.json", '{"name":"greeting","version":"1.0.0","main":"index.js"}');
    write("node_modules/greeting/index.js", 'exports.greeting = require("./word");');
    write("node_modules/greeting/word.js", 'module.exports = "hello";');
    write("node_modules/other/index.js", 'exports.other = "another package";');
    write("name.ts", 'export const name: string = "world";');
    write(
      "entry.ts",
      'import { greeting } from "greeting";\nimport { name } from "./name";\nconsole.log(greeting, name, ...process.argv.slice(2));',
    );
  });

  const run = (...args: string[]) =>
    execFileSync("node", ["tools/run.mjs", ...args], { cwd: folder })
      .toString()
      .trim();
  const attempt = (...args: string[]) =>
    spawnSync("node", ["tools/run.mjs", ...args], { cwd: folder, encoding: "utf8" });

  test("runs an entry with its arguments, packages bundled or not yet", () => {
    expect(run("entry.ts", "a", "--b")).toBe("hello world a --b");
    expect(run("entry.ts", "a", "--b")).toBe("hello world a --b");
  });

  test("shows a changed source, a changed file deep in a package, and a further package", () => {
    write("name.ts", 'export const name: string = "there";');
    expect(run("entry.ts")).toBe("hello there");
    write("node_modules/greeting/word.js", 'module.exports = "howdy";');
    expect(run("entry.ts")).toBe("howdy there");
    write("name.ts", 'import { other } from "other";\nexport const name: string = other;');
    expect(run("entry.ts")).toBe("howdy another package");
  });

  test("tells a user's mistake in a sentence, thrown now or later", () => {
    const error = 'Object.assign(new Error("Do this."), { name: "UserError" })';
    for (const code of [`throw ${error};`, `Promise.reject(${error});`]) {
      write("mistake.ts", code);
      const { status, stderr } = attempt("mistake.ts");
      expect([status, stderr]).toEqual([1, "Error: Do this.\n"]);
    }
  });

  test("tells any other error with its place in the sources", () => {
    write(
      "broken.ts",
      "interface A { b?: { c: number } }\n\nconst a: A = {};\n// biome-ignore\nconsole.log((a.b as { c: number }).c);\n",
    );
    const { status, stderr } = attempt("broken.ts");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/TypeError: .*'c'.*\n +at .*broken\.ts:5:\d+/)]);
  });

  test("tells a syntax error and a missing entry, and exits with 1", () => {
    write("syntax.ts", "const = 1;");
    expect(attempt("syntax.ts")).toMatchObject({ status: 1, stderr: expect.stringContaining("syntax.ts:1:6") });
    expect(attempt()).toMatchObject({ status: 1, stderr: expect.stringContaining("Usage:") });
  });

  test("takes no stack trace for what is no error", () => {
    write(
      "trace.ts",
      "const plain = { stack: '' };\nError.captureStackTrace(plain);\nconsole.log(JSON.stringify(plain.stack));\nconsole.log(new Error('x').stack?.split('\\n').length);",
    );
    const [plain, lines] = run("trace.ts").split("\n");
    expect(plain).toBe('""');
    expect(Number(lines)).toBeGreaterThan(1);
  });

  test("refuses a Node that package.json doesn't have", () => {
    write("package.json", '{"engines":{"node":">=99"}}');
    expect(attempt("entry.ts")).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Node >=99 is needed/) });
    write("package.json", '{"engines":{"node":">=20.9"}}');
  });

  test("says what to do without the dependencies", () => {
    rmSync(join(folder, "node_modules", "esbuild"));
    const { status, stderr } = attempt("entry.ts");
    expect([status, stderr]).toEqual([
      1,
      "The dependencies are not installed: run `npm ci` in the project's folder first.\n",
    ]);
  });
});
