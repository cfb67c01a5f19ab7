import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNotes } from "../../../images/notes";

const folder = mkdtempSync(join(tmpdir(), "notes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context = { name: "envoy", folder, dockerfile: "Dockerfile" };
const dockerfile = (text: string) => writeFileSync(join(folder, "Dockerfile"), text);

test("a generated file takes the place of another one, and that is said", () => {
  dockerfile("FROM scratch\n");
  const generated = { "envoy.yaml": "made\n", "a/config.yaml": "made\n" };
  expect(buildNotes({ ...context, generated })).toEqual([]);
  writeFileSync(join(folder, "envoy.yaml"), "made\n");
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a/config.yaml"), "the team's\n");
  expect(buildNotes({ ...context, generated })).toEqual([
    `NOTE: a/config.yaml in ${folder} is not used: the image envoy has the one that the settings give.`,
  ]);
});

test.each([
  ["ARG BACKEND_URL\nARG AWS_REGION\n", undefined],
  ["arg BACKEND_URL=https://api.example.com AWS_REGION\n", undefined],
  ["ARG BACKEND_URL \\\n  AWS_REGION\n", undefined],
  ["ARG BACKEND_URLS\n# ARG BACKEND_URL\nARG AWS_REGION\n", "BACKEND_URL"],
  ["FROM nginx\nCOPY build /usr/share/nginx/html\n", "BACKEND_URL, AWS_REGION"],
])("build arguments that a Dockerfile doesn't take: %j", (text, dropped) => {
  dockerfile(text);
  const notes = buildNotes(context, ["BACKEND_URL", "AWS_REGION"]);
  expect(notes).toEqual(
    dropped === undefined
      ? []
      : [expect.stringContaining(`takes no build argument ${dropped}: envoy is built without.`)],
  );
});

test("a generated Dockerfile is the one that is built", () => {
  const generated = { Dockerfile: "FROM scratch\nARG AWS_REGION\n" };
  dockerfile("FROM scratch\nARG BACKEND_URL\n");
  expect(buildNotes({ ...context, generated }, ["AWS_REGION"])).toEqual([
    `NOTE: Dockerfile in ${folder} is not used: the image envoy has the one that the settings give.`,
  ]);
});
