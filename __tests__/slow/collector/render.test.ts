/** `npm run render:collector`, and whether a real collector takes what it writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { runProcess } from "../../../lib/run-process";
import { collectorCommand } from "../../../local/collector/binary";
import { project } from "../../support/project";
import { rendering } from "../../support/rendering";

const { folder, render, rendered, expectRefused } = rendering("render:collector", "config.yaml");

/** Its own check of a file, as the deployed container has it. */
const validate = async (file: string) =>
  runProcess(await collectorCommand(project), ["validate", "--config", file], {
    environment: {
      HTTPS_FRONTEND_URL: "https://cruddur.example.com",
      HTTP_FRONTEND_URL: "http://cruddur.example.com",
      HONEYCOMB_API_KEY: "a-key",
    },
  });

describe("what it writes, the collector takes, without a word", () => {
  test.each<[string, readonly string[], NodeJS.ProcessEnv, string]>([
    ["nothing but the folder", [], {}, "https://api.honeycomb.io"],
    ["Honeycomb's EU region", [], { CRUDDUR_HONEYCOMB_REGION: "eu" }, "https://api.eu1.honeycomb.io"],
    ["another endpoint", ["--endpoint", "http://localhost:4319/"], {}, "http://localhost:4319"],
  ])(
    "%s",
    async (_what, args, settings, endpoint) => {
      const file = await rendered(args, settings);
      expect(parse(readFileSync(file, "utf8")).exporters.otlp_http.endpoint).toBe(endpoint);
      expect(await validate(file)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    },
    1_200_000,
  );
});

test("what is wrong, it would not take", async () => {
  const file = join(folder, "wrong.yaml");
  expect((await render(["--out", folder])).exitCode).toBe(0);
  writeFileSync(file, readFileSync(join(folder, "config.yaml"), "utf8").replace("limit_mib", "limit_mb"));
  const { exitCode, stderr } = await validate(file);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("has invalid keys: limit_mb")]);
}, 1_200_000);

test("the help names every option", async () => {
  const { exitCode, stdout } = await render(["--help"]);
  expect(exitCode).toBe(0);
  for (const option of ["out", "endpoint"]) expect(stdout).toContain(`--${option} <`);
});

describe("a user's mistake is told in words, and nothing is written", () => {
  test.each<[string, (out: string) => readonly string[], string]>([
    ["no folder", () => [], "Error: required option '--out <dir>' not specified"],
    [
      "no URL",
      (out) => ["--out", out, "--endpoint", "localhost:4319"],
      '--endpoint is "localhost:4319": give an http(s)',
    ],
    ["an unknown option", (out) => ["--out", out, "--prot", "1"], "Error: unknown option '--prot'"],
    ["a folder in no folder", (out) => ["--out", join(out, "a")], "can't be written (ENOENT): give a folder"],
  ])("%s", async (_what, args, message) => {
    await expectRefused(args, message);
  });
});
