import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RenderOptions, requestPath } from "../../../envoy/options";
import { UserPool } from "../../../local/cognito/user-pool";

const settings = { authz: true, envoy: { denialStatus: 401 } } as const;
const pool = { pool: "eu-central-1_AbCdEf123", client: "7lhlkkfbfb4q5kpp90urffao" };

const folder = mkdtempSync(join(tmpdir(), "options-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const jwks = file("jwks.json", JSON.stringify(new UserPool().jwks()));

/** The lines of the error, without its heading. */
function problems(options: RenderOptions, authz = true): string[] {
  try {
    requestPath(options, { ...settings, authz });
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1)
      .map((line) => line.replace("  - ", ""));
  }
  return [];
}

describe("what isn't given", () => {
  test("is as in the deployed system", () => {
    expect(requestPath({}, settings)).toEqual({
      port: 8800,
      adminPort: 8001,
      backend: { host: "backend-flask.cruddur", port: 4567 },
      verification: { mode: "ext_authz", authz: { host: "authz.cruddur", port: 8123 } },
      denialStatus: 401,
    });
  });

  test("the setting authz decides the mode, and the option overrides it", () => {
    const none = { ...settings, authz: false };
    expect(requestPath(pool, none).verification.mode).toBe("jwt_authn");
    expect(requestPath({}, settings).verification.mode).toBe("ext_authz");
    expect(requestPath({ ...pool, mode: "jwt_authn" }, settings).verification.mode).toBe("jwt_authn");
    expect(requestPath({ mode: "ext_authz" }, none).verification.mode).toBe("ext_authz");
  });

  test("the denials' status is the setting's", () => {
    expect(requestPath({}, { ...settings, envoy: { denialStatus: 403 } }).denialStatus).toBe(403);
  });
});

test("all options of a laptop, in both modes", () => {
  const places = { backend: "localhost:5000", port: "8080", adminPort: "9901" };
  expect(requestPath({ ...places, authz: "127.0.0.1:9000" }, settings)).toEqual({
    port: 8080,
    adminPort: 9901,
    backend: { host: "localhost", port: 5000 },
    verification: { mode: "ext_authz", authz: { host: "127.0.0.1", port: 9000 } },
    denialStatus: 401,
  });
  const { verification } = requestPath({ ...places, ...pool, mode: "jwt_authn", jwks }, settings);
  expect(verification).toEqual({
    mode: "jwt_authn",
    userPoolId: pool.pool,
    clientId: pool.client,
    jwks: { file: jwks },
  });
  const byUrl = requestPath({ ...pool, mode: "jwt_authn", jwks: "http://localhost:99/keys" }, settings).verification;
  expect(byUrl).toMatchObject({ jwks: { url: "http://localhost:99/keys" } });
});

describe("what is refused", () => {
  const endpoint = 'give a host name or IPv4 address and a port, such as "localhost:4567"';
  const port = "give a TCP port from 1 to 65535";
  const keys = "give a file with a JSON Web Key Set, or an http(s) URL of one";

  test.each<[string, RenderOptions, string]>([
    ["an unknown mode", { mode: "jwt" }, '--mode is "jwt": give ext_authz or jwt_authn'],
    ["a backend without port", { backend: "app" }, `--backend is "app": ${endpoint}`],
    ["a port beyond the last", { backend: "app:65536" }, `--backend is "app:65536": ${endpoint}`],
    ["port 0", { backend: "app:0" }, `--backend is "app:0": ${endpoint}`],
    ["an IPv6 address", { backend: "[::1]:80" }, `--backend is "[::1]:80": ${endpoint}`],
    ["a URL", { authz: "http://authz:8123" }, `--authz is "http://authz:8123": ${endpoint}`],
    ["a port that is none", { port: "http" }, `--port is "http": ${port}`],
    ["an admin port of 0", { adminPort: "0" }, `--admin-port is "0": ${port}`],
    ["one port for both", { port: "8001" }, "--port and --admin-port are both 8001: give two different ones"],
    [
      "an option of the other mode",
      { jwks: "keys.json" },
      "--jwks is for the mode jwt_authn: leave it out, or add --mode jwt_authn",
    ],
    [
      "and the other way round",
      { ...pool, mode: "jwt_authn", authz: "a:1" },
      "--authz is for the mode ext_authz: leave it out, or add --mode ext_authz",
    ],
    [
      "a pool's name",
      { ...pool, mode: "jwt_authn", pool: "cruddur" },
      '--pool is "cruddur": give the id of the user pool, such as "eu-central-1_AbCdEf123"',
    ],
    [
      "no client",
      { mode: "jwt_authn", pool: pool.pool },
      "--client is missing: with the mode jwt_authn give the id of the pool's app client",
    ],
    ["a key file that isn't there", { ...pool, mode: "jwt_authn", jwks: "nowhere.json" }, `which isn't there: ${keys}`],
    [
      "a key file without keys",
      { ...pool, mode: "jwt_authn", jwks: file("empty.json", '{"keys":[]}') },
      `which isn't a key set: ${keys}`,
    ],
    [
      "a key file that isn't JSON",
      { ...pool, mode: "jwt_authn", jwks: file("text", "keys") },
      `which isn't a key set: ${keys}`,
    ],
    ["a folder of keys", { ...pool, mode: "jwt_authn", jwks: folder }, `which isn't a key set: ${keys}`],
  ])("%s", (_what, options, problem) => {
    expect(problems(options)).toEqual([expect.stringContaining(problem)]);
  });

  test("a URL of keys with a password, without showing it", () => {
    const [problem] = problems({ ...pool, mode: "jwt_authn", jwks: "https://me:hunter2@localhost/keys" });
    expect(problem).toContain("--jwks is a URL that can't be used");
    expect(problem).not.toContain("hunter2");
  });

  test("all of it at once", () => {
    expect(problems({ port: "x", backend: "y", authz: "z" })).toHaveLength(3);
  });

  test("the missing pool and client, where the setting chooses jwt_authn", () => {
    expect(problems({}, false)).toHaveLength(2);
  });
});
