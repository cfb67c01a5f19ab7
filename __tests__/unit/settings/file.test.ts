import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../../settings/load";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "settings-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function load(content: string | Buffer, name = "settings.json") {
  writeFileSync(join(directory, name), content);
  return loadSettings({ directory, environment: {} }).settings;
}

const guarded = '{ "preventDestroy": false, "allowedAccountIds": ["123456789012"] }';
const utf16 = (text: string) => Buffer.from(text, "utf16le");

describe("the settings file is read as editors and shells write it:", () => {
  test.each<[string, string | Buffer]>([
    ["as it is", guarded],
    ["with a byte order mark", `\uFEFF${guarded}`],
    ["in UTF-16, as PowerShell's > writes", utf16(`\uFEFF${guarded}\r\n`)],
    ["in UTF-16 without a mark", utf16(guarded)],
    ["in UTF-16 of the other order", utf16(`\uFEFF${guarded}`).swap16()],
    ["with line ends of Windows", guarded.replaceAll(" ", "\r\n")],
    ["with line ends of old Macs", guarded.replaceAll(" ", "\r")],
    ["with comments", `// of the team\n{ /* until June */ ${guarded.slice(1)} // that's all`],
    ["with trailing commas", guarded.replace("]", ",]").replace(/\}$/, ",}")],
    ["with spaces of a web page or a word processor", guarded.replaceAll(" ", "\n\u00a0\u3000\u200b")],
    ["with two byte order marks, as tools that add one leave them", `\uFEFF\uFEFF${guarded}`],
    ["with a schema for editors", guarded.replace("{", '{ "$schema": "x",')],
  ])("%s", (_how, content) => {
    expect(load(content)).toMatchObject({ preventDestroy: false, allowedAccountIds: ["123456789012"] });
  });
});

describe("what isn't read is refused in one sentence, with its place:", () => {
  test.each<[string, string | Buffer, string]>([
    ["nothing", "", "is empty: give a JSON object"],
    ["a byte order mark alone", "\uFEFF\n", "is empty: give a JSON object"],
    ["a list", "[]", "holds []: give a JSON object, such as {}"],
    ["what breaks off", '{\n  "authz": true', "is not valid JSON: line 2, column 16: a closing brace } is missing"],
    ["a missing comma", '{\r\n  "authz": true\r\n  "preventDestroy": true }', "line 3, column 3: a comma is missing"],
    ["quotation marks of a text editor", "{ “authz”: true }", "line 1, column 3: this isn't a quotation mark of JSON"],
    ["single ones", "{ 'authz': true }", "line 1, column 3: this isn't a quotation mark of JSON"],
    ["lists without end", "[".repeat(100_000), "it is nested 100000 deep"],
    ["what a merge has left", "{\n<<<<<<< HEAD\n}", "line 2, column 1: "],
    ["a word", '{ "authz": True }', "line 1, column 12: this is neither a value"],
    ["a second object", "{}\n{}", "line 2, column 1: there is more after the end of the object"],
    ["Latin-1", Buffer.from('{ "images": { "frontend": "/home/jos\xe9" } }', "latin1"), "is neither UTF-8 nor UTF-16"],
  ])("%s", (_what, content, sentence) => {
    expect(() => load(content)).toThrow(sentence);
    expect(() => load(content)).toThrow(expect.objectContaining({ name: "UserError" }));
  });
});

test("a setting that is there twice is refused: one of the two may be a guard", () => {
  const text = '{\n"authz": false,\n"backend": { "type": "s3",\n"type": "local" },\n"authz": 1,\n"authz": true }';
  expect(() => load(text)).toThrow(
    "authz (settings.json) is there more than once, on the lines 2 and 5 and 6: keep one",
  );
  expect(() => load(text)).toThrow("backend.type (settings.json) is there more than once, on the lines 3 and 4");
  expect(() =>
    load('{ "backend": { "type": "local" }, "database": {}, "images": { "deploy": "state" } }'),
  ).not.toThrow();
});

test("spaces within quotation marks stay what they are", () => {
  expect(load('{ "defaultTags": { "Team": "a\u00a0b // c" } }').defaultTags).toEqual({ Team: "a\u00a0b // c" });
});

test("a name with a character that doesn't show is told with it", () => {
  expect(() => load('{ "authz\u200b": false }')).toThrow("authz\\u200b (settings.json) is not a setting");
});

test.each(["nowhere.json", "settings.json"])("a link to %s, which is no file, is not passed over", (target) => {
  symlinkSync(target, join(directory, "settings.json"));
  expect(() => loadSettings({ directory, environment: {} })).toThrow(/settings\.json can't be read \((ENOENT|ELOOP)\)/);
});

test("what JavaScript takes for a prototype sets nothing", () => {
  expect(() => load('{ "__proto__": { "preventDestroy": false } }')).toThrow(
    "__proto__ (settings.json) is not a setting",
  );
  expect(() => load('{ "backend": { "__proto__": {} } }')).toThrow(
    "backend.__proto__ (settings.json) is not a setting",
  );
});

describe("a file by nearly the right name is not passed over:", () => {
  test.each([
    "settings.json.txt",
    "Settings.json",
    "settings.jsonc",
    "settings.yaml",
    "setting.json",
    "settings (1).json",
    "settings.json.json",
    "settings.json ",
  ])("%s", (name) => {
    expect(() => load(guarded, name)).toThrow(
      `There is no settings.json, but there is ${join(directory, name)}, which is not read: rename it to settings.json`,
    );
  });

  test.each(["settings.json~", ".settings.json.swp", "settings.json.bak", "settings.example.json"])(
    "%s is none",
    (name) => {
      expect(load(guarded, name).preventDestroy).toBe(true);
    },
  );

  test("beside the right one it doesn't count", () => {
    writeFileSync(join(directory, "settings.jsonc"), "{}");
    expect(load(guarded).preventDestroy).toBe(false);
  });
});
