/**
 * Which files an image is built of, compared with Docker's own code: its published cases, and random trees and ignore files. A
 * staged context is walked by it, too, as an engine does.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../../images/content-hash";
import { type ContextEntry, contextEntries } from "../../../images/context";
import { type ParentResults, rulesOf } from "../../../images/ignore-rules";
import { pathBytes } from "../../../images/path-text";
import { stageContext } from "../../../images/stage";
import { UserError } from "../../../lib/user-error";
import { type Answer, type DockerWalk, dockerWalk, type WalkedEntry } from "../../support/images/docker-walk";
import { Random } from "../../support/random";

const minute = 60_000;
const root = mkdtempSync(join(tmpdir(), "docker-walk-"));
const platform = "linux/amd64";
let docker: DockerWalk;

beforeAll(async () => {
  docker = await dockerWalk();
}, 5 * minute);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const base64 = (path: string) => pathBytes(path).toString("base64");
const text = (encoded = "") => Buffer.from(encoded, "base64").toString("latin1");

/** A file, a link or a folder of a tree, one a line, by its bytes. */
function line(kind: string, path: string, target?: string): string {
  return [kind, text(path), ...(target === undefined ? [] : [text(target)])].join(" ");
}

function ours(entries: readonly ContextEntry[]): string[] {
  return entries.map((entry) => {
    const kind = entry.kind === "file" && entry.executable ? "executable" : entry.kind;
    return line(kind, base64(entry.path), entry.kind === "link" ? base64(entry.target) : undefined);
  });
}

/** Without the folders that others tell of, as content hashes have it. */
function theirs(entries: readonly WalkedEntry[] = []): string[] {
  const paths = entries.map(({ path }) => text(path));
  return entries
    .filter(({ kind, path }) => kind !== "folder" || !paths.some((other) => other.startsWith(`${text(path)}/`)))
    .map(({ kind, path, target }) => line(kind, path, target));
}

/** What ours are without the Dockerfile, which is always there. */
const withoutDockerfile = (lines: readonly string[]) => lines.filter((one) => !/^file Dockerfile$/.test(one)).sort();

function attempt<Result>(work: () => Result): Result | string {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return "refused";
  }
}

function isIgnored(pattern: string, path: string): boolean | string {
  return attempt(() => {
    const rules = rulesOf(Buffer.from(`${pattern}\n`), ".dockerignore");
    let parents: ParentResults = [];
    const parts = path.split("/");
    for (const index of parts.keys()) {
      const { isIgnored: ignored, results } = rules.look(parts.slice(0, index + 1).join("/"), parents);
      if (index === parts.length - 1) return ignored;
      parents = results;
    }
    return false;
  });
}

test("the cases that Docker's matcher is published with", async () => {
  const folder = await docker.moduleFolder("github.com/moby/patternmatcher");
  const source = readFileSync(join(folder, "patternmatcher_test.go"), "utf8");
  const literal = '"((?:[^"\\\\]|\\\\.)*)"';
  const pairs = [...source.matchAll(new RegExp(`\\{${literal}, ${literal}, (?:true|false)`, "g"))]
    .map(([, pattern, path]) => [pattern, path].map((one) => JSON.parse(`"${one}"`) as string) as [string, string])
    // A path of a walk is clean, and a pattern of a file isn't empty.
    .filter(([pattern, path]) => pattern !== "" && path !== "" && !/^\/|\/$/.test(path) && !pattern.startsWith("/"));
  expect(pairs.length).toBeGreaterThan(80);
  const answers = await docker.ask(pairs.map(([pattern, path]) => ({ patterns: [pattern], path })));
  for (const [index, [pattern, path]] of pairs.entries()) {
    const { error, ignored } = answers[index] as Answer;
    expect([pattern, path, isIgnored(pattern, path)]).toEqual([
      pattern,
      path,
      error === undefined ? ignored : "refused",
    ]);
  }
});

type Tree = readonly (readonly [path: Buffer, kind: "file" | "executable" | "folder" | "link"])[];

function makeTree(folder: string, tree: Tree): void {
  mkdirSync(folder);
  const at = (path: Buffer) => Buffer.concat([Buffer.from(`${folder}/`), path]);
  for (const [path, kind] of tree) {
    const slash = path.lastIndexOf("/");
    if (slash > 0) mkdirSync(at(path.subarray(0, slash)), { recursive: true });
    if (kind === "folder") mkdirSync(at(path), { recursive: true });
    else if (kind === "link") symlinkSync(Buffer.concat([Buffer.from("to/"), path]), at(path));
    else writeFileSync(at(path), path);
    if (kind === "executable") chmodSync(at(path), 0o755);
  }
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
}

const tree = (...paths: string[]): Tree =>
  paths.map((path) => [Buffer.from(path.replace(/\/$/, "")), path.endsWith("/") ? "folder" : "file"]);

const sample = tree(
  "README.md",
  "README-secret.md",
  "temp",
  "tempa",
  "somedir/temporary.txt",
  "somedir/subdir/temporary.txt",
  "somedir/subdir/x.go",
  "logs/",
  "logs2/a.log",
  "uploads/",
  "node_modules/a/index.js",
  "node_modules/a/.bin/a",
  "packages/b/node_modules/c/x.js",
  "packages/b/src/x.ts",
  "docs/a.md",
  "docs/deep/b.md",
  "docs/deep/",
  "[a]/x",
  "c++/x",
  "(x)/y",
  "a b/c",
  "#x",
  "!x",
  "-x",
  ".env",
  ".env.local",
  "a^b",
  "\ud83d\ude00",
  "é/x",
  "0/1",
);

/** As people write them, and as nobody does. */
const ignoreFiles = [
  "logs/*\n",
  "logs/\n",
  "logs\n",
  "logs/**\n",
  "**/logs\n",
  "*\n",
  "**\n",
  "*/\n",
  ".\n",
  "/\n",
  "..\n",
  "",
  "# comment\n*/temp*\n*/*/temp*\ntemp?\n",
  "*.md\n!README.md\n",
  "*.md\n!README*.md\nREADME-secret.md\n",
  "*.md\nREADME-secret.md\n!README*.md\n",
  "**/*.go\n",
  "**/node_modules\n",
  "node_modules\n!node_modules/a/.bin\n",
  "*\n!docs/deep\n",
  "*\n!docs/**/*.md\n",
  "**\n!**/x.ts\n",
  "docs/**\n!docs/deep/b.md\n",
  "docs\n!docs/deep\ndocs/deep/b.md\n",
  "*\n!uploads\n",
  "*\n!uploads/\n!logs/*\n",
  "*\n!*/\n",
  "\ufeff*.md\n",
  "*.md\r\n!README.md\r\n",
  "  *.md  \n",
  " # x\n",
  "!\n",
  "!!x\n",
  "!/\n",
  "! README.md\n*.md\n",
  "/docs\n",
  "./docs\n",
  "docs/../uploads\n",
  "docs//deep\n",
  "[a]/x\n",
  "\\[a\\]/x\n",
  "c++\n",
  "(x)\n",
  "a b\n",
  "\\#x\n",
  "#x\n",
  "\\!x\n",
  "[!a]*\n",
  "[^.]*\n",
  "[\n",
  "a[\n",
  "x*[\n",
  "[]a]\n",
  "[a-]\n",
  "[z-a]\n",
  "[[:alpha:]]*\n",
  "[[:nope:]]*\n",
  "docs\\a.md\n",
  "docs\\deep\\b.md\n",
  "build\\public\n",
  "\\d\n",
  "\\d/1\n",
  "\\w*\n",
  "\\\n",
  "a\\\n",
  "**.md\n",
  "***\n",
  "**/**\n",
  "docs**\n",
  "d**s/a.md\n",
  "?\n",
  "?/x\n",
  "??\n",
  "é\n",
  "*^*\n",
  "a^b\n",
  "^a\n",
  "a|b\n",
  "{README,temp}.md\n",
  "README.md$\n",
  "\\QREADME.md\\E*\n",
  "[*]\n",
  "[?]\n",
  "Dockerfile\n",
  "Dockerfile*\n.dockerignore\n",
  "*\n!Dockerfile\n",
  `${"x".repeat(70_000)}\n`,
  `${"x".repeat(65_536)}`,
  `${"x".repeat(65_535)}\n`,
  "docs\0\n",
  "\x85docs\x85\n",
  "\u00a0docs\u2003\n",
];

/** What is wrong, if anything. */
function differences(folder: string, answer: Answer): { readonly found: unknown; readonly expected: unknown } {
  const context = { name: "sample", folder, dockerfile: "Dockerfile" };
  const entries = attempt(() => contextEntries(context));
  return {
    found: typeof entries === "string" ? entries : withoutDockerfile(ours(entries)),
    expected: answer.error === undefined ? withoutDockerfile(theirs(answer.entries)) : "refused",
  };
}

interface Case {
  readonly folder: string;
  readonly ignoreFile: Buffer;
}

/** Asks Docker about all of them at once. @param before makes a case's folder what it is */
async function compare(cases: readonly Case[], before: (one: Case) => void = () => {}): Promise<Answer[]> {
  for (const one of cases) {
    before(one);
    writeFileSync(join(one.folder, ".dockerignore"), one.ignoreFile);
  }
  const answers = await docker.ask(
    cases.map(({ folder, ignoreFile }) => ({ folder, ignoreFile: ignoreFile.toString("base64") })),
  );
  for (const [index, { folder, ignoreFile }] of cases.entries()) {
    writeFileSync(join(folder, ".dockerignore"), ignoreFile);
    const { found, expected } = differences(folder, answers[index] as Answer);
    const what = { folder, ignoreFile: ignoreFile.toString("latin1").slice(0, 200) };
    expect({ ...what, found }).toEqual({ ...what, found: expected });
  }
  return answers;
}

test(
  "ignore files as people write them, and as nobody does",
  async () => {
    const folder = join(root, "sample");
    makeTree(folder, sample);
    const answers = await compare(ignoreFiles.map((one) => ({ folder, ignoreFile: Buffer.from(one) })));
    // Some are refused, by both.
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(10);
  },
  5 * minute,
);

const seed = 20_240_601;
const pieces = [
  "a",
  "b",
  "ab",
  "x.log",
  ".x",
  "[a]",
  "a b",
  "é",
  "\ud83d\ude00",
  "A",
  "c++",
  "(x)",
  "^",
  "-",
  "1",
  "!",
  "#",
].map((one) => Buffer.from(one));
// A byte that is no UTF-8, a character cut off, and an overlong one.
const names = [...pieces, Buffer.from([0x61, 0x80]), Buffer.from([0xe2, 0x82]), Buffer.from([0xc0, 0xaf, 0x62])];

function randomTree(random: Random): Tree {
  const paths = new Map<string, Tree[number]>();
  const folders = [Buffer.alloc(0)];
  for (let count = random.below(9); count >= 0; count -= 1) {
    const parent = random.one(folders);
    const path = Buffer.concat([parent, ...(parent.length > 0 ? [Buffer.from("/")] : []), random.one(names)]);
    const kind = random.one(["file", "file", "executable", "folder", "folder", "link"] as const);
    if (paths.has(path.toString("hex"))) continue;
    paths.set(path.toString("hex"), [path, kind]);
    if (kind === "folder") folders.push(path);
  }
  return [...paths.values()];
}

const tokens = [
  "*",
  "*",
  "**",
  "?",
  "/",
  "/",
  "/",
  "[ab]",
  "[^a]",
  "[a-c]",
  "[",
  "]",
  "\\",
  "\\*",
  "\\d",
  ".",
  "^",
  "$",
  " ",
  "é",
  "{",
  "|",
].map((one) => Buffer.from(one));

function randomIgnoreFile(random: Random): Buffer {
  const lines = Array.from({ length: 1 + random.below(4) }, () => {
    const parts = Array.from({ length: 1 + random.below(5) }, () => random.one(random.below(2) === 0 ? names : tokens));
    return Buffer.concat([Buffer.from(random.one(["", "", "", "!", "!", "/", "**/"])), ...parts, Buffer.from("\n")]);
  });
  return Buffer.concat(random.below(3) === 0 ? [Buffer.from("*\n"), ...lines] : lines);
}

test(
  "random trees and ignore files: the same entries, one hash for each content, and staged as they are",
  async () => {
    const random = new Random(seed);
    const trees = Array.from({ length: 1000 }, () => [randomTree(random), randomIgnoreFile(random)] as const);
    const cases = trees.map(([, ignoreFile], index) => ({ folder: join(root, `tree-${index}`), ignoreFile }));
    const answers = await compare(cases, ({ folder }) =>
      makeTree(folder, trees[Number(folder.replace(/^.*-/, ""))]?.[0] ?? []),
    );

    const hashes = new Map<string, string>();
    const contents = new Map<string, string>();
    const staged = cases.flatMap(({ folder, ignoreFile }, index) => {
      const answer = answers[index];
      if (answer?.error !== undefined) return [];
      const context = { name: "tree", folder, dockerfile: "Dockerfile" };
      const entries = contextEntries(context);
      const hash = contentHash(entries, "Dockerfile", platform);
      const isContent = entries.some(({ path }) => path === ".dockerignore");
      const content = JSON.stringify([ours(entries), isContent && ignoreFile.toString("latin1")]);
      expect([folder, hashes.get(content) ?? hash, contents.get(hash) ?? content]).toEqual([folder, hash, content]);
      hashes.set(content, hash);
      contents.set(hash, content);
      stageContext({ context, platform, content: hash }, `${folder}-staged`);
      return [{ folder: `${folder}-staged`, answer }];
    });
    const engines = await docker.ask(
      staged.map(({ folder }) => ({
        folder,
        ignoreFile: readFileSync(join(folder, "Dockerfile.dockerignore")).toString("base64"),
      })),
    );
    for (const [index, { folder, answer }] of staged.entries()) {
      expect([folder, sorted(engines[index]?.entries)]).toEqual([folder, sorted(answer?.entries)]);
    }
    expect([hashes.size > 400, cases.length - staged.length > 50]).toEqual([true, true]);
  },
  10 * minute,
);

const sorted = (entries: readonly WalkedEntry[] = []) =>
  entries.map(({ kind, path, target }) => line(kind, path, target)).sort();
