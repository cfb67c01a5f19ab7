/** `npm run render`, and whether a real Envoy takes what it writes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { runProcess } from "../../../lib/run-process";
import { UserPool } from "../../../local/cognito/user-pool";
import { envoyCommand } from "../../../local/envoy/binary";
import { project } from "../../support/project";
import { rendering } from "../../support/rendering";

const { folder, newFolder, render, rendered, expectRefused } = rendering("render", "envoy.yaml");

const pool = new UserPool();
const jwks = join(folder, "jwks.json");
writeFileSync(jwks, JSON.stringify(pool.jwks()));
const identity = ["--pool", pool.userPoolId, "--client", pool.clientId];

describe("what it writes, Envoy takes", () => {
  test.each<[string, readonly string[], NodeJS.ProcessEnv, string]>([
    ["nothing but the folder", [], {}, "ext_authz"],
    ["the setting authz off", identity, { CRUDDUR_AUTHZ: "false" }, "jwt_authn"],
    ["the other status", [], { CRUDDUR_ENVOY_DENIAL_STATUS: "403" }, "ext_authz"],
    [
      "a laptop, asking",
      ["--backend", "localhost:5000", "--authz", "localhost:9000", "--port", "8080", "--admin-port", "9901"],
      {},
      "ext_authz",
    ],
    [
      "a laptop, verifying by a file",
      ["--mode", "jwt_authn", ...identity, "--jwks", jwks, "--backend", "127.0.0.1:5000"],
      {},
      "jwt_authn",
    ],
    ["keys at a URL", ["--mode", "jwt_authn", ...identity, "--jwks", "http://localhost:99/keys"], {}, "jwt_authn"],
  ])(
    "%s",
    async (_what, args, settings, mode) => {
      const file = await rendered(args, settings);
      const text = readFileSync(file, "utf8");
      expect(parse(text).admin.address.socket_address.port_value).toBe(args.includes("9901") ? 9901 : 8001);
      expect(text).toContain(`name: envoy.filters.http.${mode}\n`);
      const checked = await runProcess(await envoyCommand(project), ["--mode", "validate", "-c", file]);
      expect([checked.exitCode, checked.stdout.trim()]).toEqual([0, `configuration '${file}' OK`]);
      // Deprecated or unknown fields.
      expect(checked.stderr).not.toMatch(/\]\[(warning|error|critical)\]/);
    },
    200_000,
  );
});

test("the help names every option", async () => {
  const { exitCode, stdout } = await render(["--help"]);
  expect(exitCode).toBe(0);
  for (const option of ["out", "mode", "backend", "authz", "jwks", "pool", "client", "port", "admin-port"]) {
    expect(stdout).toContain(`--${option} <`);
  }
});

describe("a user's mistake is told in words, and nothing is written", () => {
  const inTheWay = join(folder, "file");
  writeFileSync(inTheWay, "");

  test.each<[string, (out: string) => readonly string[], string]>([
    ["no folder", () => [], "Error: required option '--out <dir>' not specified"],
    ["a wrong option", (out) => ["--out", out, "--mode", "both"], '--mode is "both": give ext_authz or jwt_authn'],
    ["an unknown option", (out) => ["--out", out, "--prot", "1"], "Error: unknown option '--prot'"],
    ["too much", (out) => ["--out", out, "x"], "Error: too many arguments"],
    [
      "no key file",
      (out) => ["--out", out, "--mode", "jwt_authn", ...identity, "--jwks", join(folder, "none")],
      "which isn't there: give a file with a JSON Web Key Set",
    ],
    ["a folder in no folder", (out) => ["--out", join(out, "a")], "can't be written (ENOENT): give a folder"],
    ["a file for the folder", () => ["--out", inTheWay], "can't be written (ENOTDIR): give a folder"],
  ])("%s", async (_what, args, message) => {
    await expectRefused(args, message);
  });

  test("what was there stays", async () => {
    const out = newFolder();
    mkdirSync(out);
    writeFileSync(join(out, "envoy.yaml"), "before");
    expect((await render(["--out", out, "--backend", "nowhere"])).exitCode).toBe(1);
    expect(readFileSync(join(out, "envoy.yaml"), "utf8")).toBe("before");
    // A folder where the file belongs: the unfinished one doesn't stay.
    mkdirSync(join(out, "sub", "envoy.yaml"), { recursive: true });
    const { exitCode, stderr } = await render(["--out", join(out, "sub")]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("can't be written (EISDIR): give a folder");
    expect(readdirSync(join(out, "sub"))).toEqual(["envoy.yaml"]);
  });
});
