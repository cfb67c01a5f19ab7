import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planJson, planned, planOf } from "../../support/plans";
import { project } from "../../support/project";

const folder = mkdtempSync(join(tmpdir(), "explain-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function run(args: readonly string[], input = "", more: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/run.mjs", "commands/explain.ts", ...args], {
    cwd: project,
    input,
    encoding: "utf8",
    env: { ...process.env, GITHUB_ACTIONS: "", ...more },
  });
  return { status, stdout, stderr };
}

const nothing = file("network.json", planJson(planOf()));
const change = file("app.plan.json", planJson(planOf(planned("aws_lb.a", { after: {} }))));
const loss = planJson(planOf(planned("aws_lb.a", { before: {} })));

describe("npm run explain", () => {
  test.each([
    ["nothing", [nothing], 0, "network: nothing changes.\n"],
    ["changes", [nothing, change], 2, "network and app: 1 created.\n"],
    ["a destruction, from standard input", [change, "-"], 3, "app and stdin: 1 DESTROYED OR REPLACED, 1 created.\n"],
  ])("of %s", (_what, args, status, line) => {
    const result = run(args, loss);
    expect([result.status, result.stderr]).toEqual([status, ""]);
    expect(result.stdout).toContain(line);
  });

  test("gives scripts an object, and comments Markdown", () => {
    const json = run(["--json", change]);
    expect(JSON.parse(json.stdout)).toMatchObject({ plans: ["app"], exitCode: 2, changes: [{ address: "aws_lb.a" }] });
    expect(run(["--markdown", change]).stdout).toMatch(/^:pencil2: \*\*app: 1 created\.\*\*\n/);
  });

  test("--report writes a page whose sources are files here, and in a workflow those of the commit", () => {
    const plan = file(
      "app.json",
      planJson(planOf(planned("aws_db_instance.cruddur", { before: { a: 1 }, after: { a: 2 } }))),
    );
    const page = join(folder, "plan.html");
    const here = run([plan, "--report", page]);
    expect([here.status, here.stderr]).toEqual([2, `Written: ${page}\n`]);
    const sources = () => [...readFileSync(page, "utf8").matchAll(/<a href="([^"]*)">(constructs[^<]*)<\/a>/g)];
    const [[, href = "", text = ""] = []] = sources();
    expect(text).toMatch(/^constructs\/rds\/database\.ts:\d+$/);
    expect(readFileSync(join(folder, href), "utf8").split("\n")[Number(text.split(":")[1]) - 1]).toMatch(
      /^export class /,
    );
    const github = {
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "team/cruddur",
      GITHUB_SHA: "0123abc",
    };
    run([plan, "--report", page], "", { GITHUB_ACTIONS: "true", ...github });
    expect(sources()[0]?.[1]).toBe(`https://github.com/team/cruddur/blob/0123abc/${text.replace(":", "#L")}`);
  });

  test.each([
    ["a folder", folder, /^Error: --report is .*, which is a folder: give a file such as plan\.html\.\n$/],
    ["no folder", join(folder, "a", "b", "c.html"), /^Error: --report is .*, but there is no folder .*\/a\/b: make it/],
  ])("--report into %s is refused before anything is done", (_what, page, sentence) => {
    const { status, stdout, stderr } = run([change, "--report", page]);
    expect([status, stdout, stderr]).toEqual([1, "", expect.stringMatching(sentence)]);
  });

  test("plans of one name are told apart by their paths", () => {
    expect(run([change, change, "--json"]).stdout).toContain(JSON.stringify(change));
  });

  test.each([
    [
      "no such file",
      [join(folder, "none.json")],
      /^Error: The plan .*none\.json can't be read \(ENOENT\): give a file/,
    ],
    ["a folder", [folder], /can't be read \(EISDIR\)/],
    [
      "an empty standard input",
      ["-"],
      /^Error: Standard input is empty: give what `terraform show -json PLANFILE` prints\.\n$/,
    ],
    ["standard input twice", ["-", "-"], /Standard input \(-\) is given twice/],
    ["both formats", ["--json", "--markdown", change], /give one of them/],
    ["no plan at all", [], /missing required argument 'plan'/],
  ])("refuses %s in one sentence", (_what, args, sentence) => {
    const { status, stdout, stderr } = run(args);
    expect([status, stdout, stderr.trim().split("\n").length]).toEqual([1, "", 1]);
    expect(stderr).toMatch(sentence);
  });
});
