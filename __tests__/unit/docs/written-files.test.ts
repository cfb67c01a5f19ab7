/** The files that the docs' commands write: states and plans hold secrets, so git must not take them, nor others read them. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { project } from "../../support/project";

interface Written {
  readonly document: string;
  readonly line: string;
  /** Relative to the project, whichever folder the command works in. */
  readonly path: string;
  /** Whether the shell, or Terraform by the shell's umask, decides who may read it. */
  readonly byUmask: boolean;
  readonly umask: boolean;
}

const documents = ["README.md", ...readdirSync(join(project, "docs")).map((name) => join("docs", name))].filter(
  (name) => name.endsWith(".md"),
);

/** What commands of this project write into a folder that they are given, or into their own. */
const intoFolder: readonly (readonly [RegExp, string])[] = [
  [/^npm run plan -- --out\b/, "plans/network.json"],
  [/^npm run render -- --out (\S+)/, "envoy.yaml"],
  [/^npm run render:collector -- --out (\S+)/, "config.yaml"],
];

function writtenBy(line: string): string[] {
  const [, folder = "."] = /-chdir=(\S+)/.exec(line) ?? [];
  const command = line.replace(/\s#.*$/, "").trim();
  const into = intoFolder.flatMap(([pattern, file]) => {
    const found = pattern.exec(command);
    return found === null ? [] : [join(found[1] ?? ".", file)];
  });
  const found = (pattern: RegExp) => [...command.matchAll(pattern)].map(([, path = ""]) => path);
  return [
    ...into,
    ...found(/(?:^|\s)>{1,2}\s*([\w./-]+)/g),
    ...found(/-state(?:-out)?=([\w./-]+)/g),
    ...found(/^cp \S+ ([\w./-]+\.\w+)$/g),
    ...found(/\btee (?:-a )?([\w./-]+)/g),
    ...found(/\s-out[= ]([\w./-]+)/g).map((path) => join(folder, path)),
  ].filter((path) => path !== "/dev/null");
}

const written: Written[] = documents.flatMap((document) => {
  const text = readFileSync(join(project, document), "utf8");
  const blocks = [...text.matchAll(/^ *```(\w*)\n(.*?)^ *```/gms)].flatMap(([, language = "", block = ""]) =>
    ["sh", "bash", "console", ""].includes(language) ? [block] : [],
  );
  const inline = [...text.matchAll(/`((?:terraform|npm run|bin\/)[^`\n]+)`/g)].map(([, line = ""]) => line);
  // Blocks of a page are pasted one after the other, into one shell.
  const umask = blocks.some((block) => /^umask 077\b/m.test(block));
  return [...blocks.flatMap((block) => block.split("\n")), ...inline].flatMap((line) =>
    writtenBy(line).map((path) => ({ document, line, path, umask, byUmask: !/^npm run/.test(line.trim()) })),
  );
});

const holdsSecrets = ({ path }: Written) => /\.tfstate$|plan|\.json$/.test(path);
const folder = mkdtempSync(join(tmpdir(), "ignored-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function isIgnored(path: string): Promise<boolean> {
  const { exitCode } = await runProcess("git", ["check-ignore", "--quiet", "--no-index", path], { cwd: folder });
  return exitCode === 0;
}

beforeAll(async () => {
  // A repository of its own: the project may be unpacked without one.
  await runProcess("git", ["init", "--quiet"], { cwd: folder });
  copyFileSync(join(project, ".gitignore"), join(folder, ".gitignore"));
});

test("the docs' commands are found, in blocks and lines, of each kind", () => {
  expect(written.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "plans/network.json",
      "envoy/envoy.yaml",
      "otel-collector/config.yaml",
      "terraform.app.tfstate",
      "terraform.network.tfstate",
      "app.tfstate",
      "cdktf.out/stacks/network/outputs.plan",
    ]),
  );
});

test.each(written.map((one) => [`${one.document}: ${one.line.trim()}`, one] as const))(
  "%s: git ignores it, and nobody else can read it",
  async (_what, one) => {
    expect([one.path, one.path.startsWith("..")]).toEqual([one.path, false]);
    expect([one.path, await isIgnored(one.path)]).toEqual([one.path, true]);
    if (holdsSecrets(one) && one.byUmask)
      expect([one.path, one.umask || one.path.startsWith("cdktf.out/")]).toEqual([one.path, true]);
  },
);

test.each([
  ...["team.tfvars", "secrets.auto.tfvars.json", "errored.tfstate", "terraform.tfstate.backup", "outputs.plan"],
  ...["network.plan.json", "x.tfplan", "tfplan", "tfplan.json", "plan.json", "plans/app.provisional.json"],
  ...[".state-runs/1/states/app.json", "cdktf.out/stacks/app/saved.plan"],
])("%s, as others call them, is ignored", async (path) => expect(await isIgnored(path)).toBe(true));

test.each([
  "settings.json",
  "team.example.tfvars",
  "docs/architecture.svg",
  "package.json",
  "commands/plan.ts",
  "terraform/plan.ts",
])("%s is not", async (path) => expect(await isIgnored(path)).toBe(false));
