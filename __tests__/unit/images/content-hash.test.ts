import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { contentHash } from "../../../images/content-hash";
import { type BuildContext, contextEntries } from "../../../images/context";
import { stageContext } from "../../../images/stage";
import { imageTag } from "../../../images/tag";

const root = mkdtempSync(join(tmpdir(), "images-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const platform = "linux/amd64";
let made = 0;

/** A context with these files, written in their order; `null` is an empty folder. */
function contextOf(files: Readonly<Record<string, string | null>>, more: Partial<BuildContext> = {}): BuildContext {
  made += 1;
  const folder = join(root, `context-${made}`);
  mkdirSync(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(text === null ? join(folder, path) : dirname(join(folder, path)), { recursive: true });
    if (text !== null) writeFileSync(join(folder, path), text);
  }
  return { name: "orders", folder, dockerfile: "Dockerfile", ...more };
}

function hashOf(context: BuildContext, on = platform): string {
  return contentHash(contextEntries(context), context.dockerfile, on);
}

const pathsOf = (context: BuildContext) => contextEntries(context).map(({ path }) => path);

const files = {
  Dockerfile: "FROM scratch\nCOPY . /\n",
  "src/main.ts": "main\n",
  "src/a/b.ts": "b\n",
  "run.sh": "run\n",
};

describe("the hash of a context", () => {
  test("is known, so that it is the same on every machine", () => {
    expect(hashOf(contextOf(files))).toBe("ce9ee58022564fa48d40894a365ab46fee8811c162534ef4d26a5f223e25e56d");
    expect(imageTag("0".repeat(64))).toBe("a1b93e4c095824ef");
  });

  test("doesn't depend on the order of writing, on times, on modes but the executable bit", () => {
    const expected = hashOf(contextOf(files));
    expect(hashOf(contextOf(Object.fromEntries(Object.entries(files).reverse())))).toBe(expected);
    const touched = contextOf(files);
    chmodSync(join(touched.folder, "src"), 0o700);
    utimesSync(join(touched.folder, "run.sh"), 1, 1);
    chmodSync(join(touched.folder, "run.sh"), 0o600);
    expect(hashOf(touched)).toBe(expected);
  });

  test.each<[string, (context: BuildContext) => unknown]>([
    ["a changed file", ({ folder }) => writeFileSync(join(folder, "src", "a", "b.ts"), "c\n")],
    ["line ends", ({ folder }) => writeFileSync(join(folder, "src", "a", "b.ts"), "b\r\n")],
    ["a new file, even an empty one", ({ folder }) => writeFileSync(join(folder, "new"), "")],
    ["a missing file", ({ folder }) => rmSync(join(folder, "run.sh"))],
    [
      "a file under another name",
      ({ folder }) => {
        rmSync(join(folder, "run.sh"));
        writeFileSync(join(folder, "start.sh"), "run\n");
      },
    ],
    ["an empty folder", ({ folder }) => mkdirSync(join(folder, "uploads"))],
    ["an executable bit", ({ folder }) => chmodSync(join(folder, "run.sh"), 0o755)],
    ["a changed Dockerfile", ({ folder }) => writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n")],
    [
      "a link where a file was",
      ({ folder }) => {
        rmSync(join(folder, "run.sh"));
        symlinkSync("src/main.ts", join(folder, "run.sh"));
      },
    ],
    ["a generated file", (context) => ({ ...context, generated: { "rendered.yaml": "a: 1\n" } })],
  ])("changes with %s", (_, change) => {
    const context = contextOf(files);
    const before = hashOf(context);
    expect(hashOf((change(context) as BuildContext | undefined) ?? context)).not.toBe(before);
  });

  test("changes with the platform, and with which Dockerfile it is", () => {
    const context = contextOf({ ...files, "Dockerfile.prod": files.Dockerfile });
    const all = [
      hashOf(context),
      hashOf(context, "linux/arm64"),
      hashOf({ ...context, dockerfile: "Dockerfile.prod" }),
    ];
    expect(new Set(all).size).toBe(3);
  });

  test("follows a link's target as text, be it there or not", () => {
    const [one, other] = ["/nowhere/one", "/nowhere/other"].map((target) => {
      const context = contextOf(files);
      symlinkSync(target, join(context.folder, "link"));
      return hashOf(context);
    });
    expect(one).not.toBe(other);
  });

  test("takes a generated file as one of the same content that lies there", () => {
    expect(hashOf(contextOf(files, { generated: { "run.sh": "run\n" } }))).toBe(hashOf(contextOf(files)));
  });

  test("reads files that are larger than its buffer to their ends", () => {
    const size = 3 * 1024 * 1024 + 1;
    const [one, other] = ["a", "b"].map((last) => hashOf(contextOf({ ...files, big: "x".repeat(size) + last })));
    expect(one).not.toBe(other);
  });
});

describe("the tag of an image", () => {
  const content = hashOf(contextOf(files));

  test("changes with each build argument's name and value, not with their order", () => {
    const tag = imageTag(content, { A: "1", B: "2" });
    expect(imageTag(content, { B: "2", A: "1" })).toBe(tag);
    const others = [{}, { A: "1" }, { A: "1", B: "3" }, { A: "1", C: "2" }, { A: "2", B: "1" }];
    expect(new Set([tag, ...others.map((values) => imageTag(content, values as Record<string, string>))]).size).toBe(6);
  });
});

describe("an ignore file", () => {
  test("keeps files out of the hash, and what it lets in again counts", () => {
    const ignore = "# not these\n*.log\nnode_modules\ndocs/**\n!docs/kept.md\n";
    const context = contextOf({
      ...files,
      ".dockerignore": ignore,
      "a.log": "1",
      "node_modules/x/index.js": "1",
      "docs/other.md": "1",
      "docs/kept.md": "1",
      "src/b.log": "1",
    });
    expect(pathsOf(context)).toEqual([
      ".dockerignore",
      "Dockerfile",
      "docs/kept.md",
      "run.sh",
      "src/a/b.ts",
      "src/b.log",
      "src/main.ts",
    ]);
    const before = hashOf(context);
    writeFileSync(join(context.folder, "a.log"), "2");
    rmSync(join(context.folder, "node_modules"), { recursive: true });
    writeFileSync(join(context.folder, "docs", "other.md"), "2");
    expect(hashOf(context)).toBe(before);
    writeFileSync(join(context.folder, "docs", "kept.md"), "2");
    expect(hashOf(context)).not.toBe(before);
  });

  test("leaves folders that nothing is left of in the context, unless they are ignored themselves", () => {
    const context = contextOf({
      ...files,
      ".dockerignore": "logs/*\nnode_modules\n*/kept/deep\n!*/kept/deep/er\n",
      "logs/a.log": "1",
      "uploads/2024": null,
      "node_modules/x": "1",
      "src/kept/deep/er": null,
      "src/kept/deep/x": "1",
    });
    const folders = contextEntries(context).filter(({ kind }) => kind === "folder");
    expect(folders.map(({ path }) => path)).toEqual(["logs", "src/kept/deep/er", "uploads/2024"]);
  });

  test("beside the Dockerfile goes before the one of the folder", () => {
    const context = contextOf(
      {
        "a/Dockerfile": "FROM scratch\n",
        "a/Dockerfile.dockerignore": "*\n!a/src\n",
        ".dockerignore": "a\n",
        "a/src/x": "1",
        y: "1",
      },
      { dockerfile: "a/Dockerfile" },
    );
    expect(pathsOf(context)).toEqual(["a/Dockerfile", "a/src/x"]);
  });

  test.each([
    ["case counts", "*.LOG\n", ["(x)/y", "Dockerfile", "c++/y", "deep/er/x.log", "x.log"]],
    ["brackets and plus signs are themselves", "(x)\nc++\n", ["Dockerfile", "deep/er/x.log", "x.log"]],
    ["what is let in again may have wildcards", "*\n!**/x.log\n", ["Dockerfile", "deep/er/x.log", "x.log"]],
    ["a folder is ignored with all below it", "deep/\n/c++\n", ["(x)/y", "Dockerfile", "x.log"]],
  ])("is read as Docker reads it: %s", (_, ignore, expected) => {
    const context = contextOf({
      Dockerfile: "FROM scratch\n",
      "Dockerfile.dockerignore": `${ignore}Dockerfile.dockerignore\n`,
      "x.log": "1",
      "(x)/y": "1",
      "c++/y": "1",
      "deep/er/x.log": "1",
    });
    expect(pathsOf(context)).toEqual(expected);
  });

  test("with a pattern that is none is refused by a sentence", () => {
    const context = contextOf({ ...files, ".dockerignore": "[\n" });
    expect(() => contextEntries(context)).toThrow(
      /\.dockerignore has a pattern that can't be read \(.*\): correct it\.$/,
    );
  });
});

describe("a context that can't be read is refused by a sentence", () => {
  test("without its folder", () => {
    const context = { name: "orders", folder: join(root, "nowhere"), dockerfile: "Dockerfile" };
    expect(() => contextEntries(context)).toThrow(
      `The build context of orders is "${context.folder}", but there is no such folder: give another.`,
    );
  });

  test("without its Dockerfile", () => {
    const context = contextOf({ x: "1" });
    expect(() => contextEntries(context)).toThrow(
      `The build context of orders has no Dockerfile (in ${context.folder}): give another, or add it.`,
    );
  });

  test("but not where its Dockerfile is generated", () => {
    const generated = { Dockerfile: "FROM scratch\n" };
    expect(contextEntries({ ...contextOf({ x: "1" }), generated })).toEqual([
      { path: "Dockerfile", kind: "generated", text: "FROM scratch\n" },
      expect.objectContaining({ path: "x", kind: "file" }),
    ]);
  });

  test("with a socket in it", async () => {
    const context = contextOf(files);
    const server = createServer().listen(join(context.folder, "s"));
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      expect(() => contextEntries(context)).toThrow(
        /s is neither file, folder nor link, so orders can't be built from it/,
      );
    } finally {
      server.close();
    }
  });
});

describe("a staged context", () => {
  const staged = (context: BuildContext) => {
    const folder = `${context.folder}-staged`;
    stageContext({ context, platform, content: hashOf(context) }, folder);
    return folder;
  };

  test("holds what was hashed, with modes that every machine has", () => {
    const context = contextOf(
      { "a/Dockerfile": "FROM scratch\n", "a/Dockerfile.dockerignore": "*\n!a/src\n", "a/src/x": "1", y: "1" },
      { dockerfile: "a/Dockerfile", generated: { "a/made.yaml": "made" } },
    );
    chmodSync(join(context.folder, "a/src/x"), 0o711);
    symlinkSync("x", join(context.folder, "a/src/link"));
    mkdirSync(join(context.folder, "a/src/empty"), { mode: 0o700 });
    const folder = staged(context);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      "a",
      "a/Dockerfile",
      "a/Dockerfile.dockerignore",
      "a/made.yaml",
      "a/src",
      "a/src/empty",
      "a/src/link",
      "a/src/x",
    ]);
    expect(readFileSync(join(folder, "a/made.yaml"), "utf8")).toBe("made");
    // What an engine reads: the rules have been applied, and the generated file, which they leave out, is wanted.
    expect(readFileSync(join(folder, "a/Dockerfile.dockerignore"), "utf8")).toBe(
      "/a/Dockerfile\n/a/Dockerfile.dockerignore\n",
    );
    expect(readlinkSync(join(folder, "a/src/link"))).toBe("x");
    const modes = ["a", "a/src/empty", "a/src/x", "a/Dockerfile", "a/made.yaml"].map(
      (path) => statSync(join(folder, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o755, 0o755, 0o755, 0o644, 0o644]);
  });

  test.each<[string, string, Record<string, string>, Partial<BuildContext>, Record<string, string | undefined>]>([
    [
      "the team's own stays, as it does no harm",
      "archive",
      { ".dockerignore": "*.log\n" },
      {},
      { ".dockerignore": "*.log\n" },
    ],
    [
      "the team's own goes, as this reader would lose what it lets in again",
      "archive",
      { ".dockerignore": "docs\n!**/kept.md\n", "docs/kept.md": "1" },
      {},
      { ".dockerignore": "", "docs/kept.md": "1" },
    ],
    [
      "the team's own goes, as it leaves out what is generated",
      "archive",
      { ".dockerignore": "*.yaml\n" },
      { generated: { "made.yaml": "made" } },
      { ".dockerignore": "", "made.yaml": "made" },
    ],
    [
      "the team's own goes, as it isn't the one in force",
      "archive",
      { ".dockerignore": "*.sh\n", "Dockerfile.dockerignore": "Dockerfile*\n" },
      {},
      { ".dockerignore": "/Dockerfile\n", "run.sh": "run\n" },
    ],
    [
      "the Dockerfile's folder stays, where it isn't ignored",
      "buildkit",
      { "docker/Dockerfile": "FROM scratch\n", ".dockerignore": "docker/Dockerfile\n" },
      { dockerfile: "docker/Dockerfile" },
      { "docker/Dockerfile.dockerignore": "/docker/Dockerfile\n/docker/Dockerfile.dockerignore\n" },
    ],
    [
      "the Dockerfile's folder goes, where it is ignored",
      "buildkit",
      { "docker/Dockerfile": "FROM scratch\n", ".dockerignore": "docker\n" },
      { dockerfile: "docker/Dockerfile" },
      { "docker/Dockerfile.dockerignore": "/docker\n" },
    ],
    [
      "another one goes before the team's own, which is content",
      "buildkit",
      { ".dockerignore": "docs\n!**/kept.md\nDockerfile\n", "docs/kept.md": "1" },
      {},
      {
        ".dockerignore": "docs\n!**/kept.md\nDockerfile\n",
        "Dockerfile.dockerignore": "/Dockerfile\n/Dockerfile.dockerignore\n",
      },
    ],
  ])("is read by an engine as it is: %s (%s)", (_what, reader, more, options, expected) => {
    const context = contextOf({ ...files, ...more }, options);
    const folder = `${context.folder}-staged`;
    stageContext({ context, platform, content: hashOf(context) }, folder, reader as "archive" | "buildkit");
    const found = Object.keys(expected).map((path) => [path, readFileSync(join(folder, path), "utf8")]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test("keeps names that are no UTF-8", () => {
    const context = contextOf(files);
    const name = Buffer.from([0x61, 0x80, 0xe2, 0x82]);
    writeFileSync(Buffer.concat([Buffer.from(`${context.folder}/src/`), name]), "1");
    symlinkSync(name, join(context.folder, "link"));
    const folder = staged(context);
    expect(readdirSync(join(folder, "src"), { encoding: "buffer" }).some((one) => one.equals(name))).toBe(true);
    expect(readlinkSync(join(folder, "link"), { encoding: "buffer" }).equals(name)).toBe(true);
  });

  test("is not made of a context that changed meanwhile", () => {
    const context = contextOf(files);
    const content = hashOf(context);
    writeFileSync(join(context.folder, "run.sh"), "other\n");
    const folder = `${context.folder}-staged`;
    expect(() => stageContext({ context, platform, content }, folder)).toThrow(/^The build context of orders changed/);
    expect(readdirSync(root).filter((name) => name.startsWith(`${folder.slice(root.length + 1)}`))).toEqual([]);
  });
});
