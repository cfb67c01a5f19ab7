/** The image's build: what it is told, what it makes of it, and that a missing or wrong argument ends it by name. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { frontendBuildArguments } from "../../../services/frontend-build";
import { frontendReactJs } from "../../../services/frontend-react-js";
import { ports } from "../../../services/names";
import { configure } from "../../support/nginx";
import { project } from "../../support/project";

const build = {
  domain: "cruddur.example.com",
  region: "eu-central-1",
  userPoolId: "eu-central-1_AbCdEf123",
  userPoolClientId: "7lhlkkfbfb4q5kpp90urffao",
};
const complete = Object.fromEntries(frontendBuildArguments.map(({ name, value }) => [name, value(build)]));
const read = (file: string) => readFileSync(join(project, "frontend", "image", file), "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "frontend-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("arguments that the names give", () => {
  expect(complete).toEqual({
    BACKEND_URL: "https://api.cruddur.example.com",
    AWS_REGION: "eu-central-1",
    AWS_USER_POOLS_ID: "eu-central-1_AbCdEf123",
    AWS_USER_POOLS_WEB_CLIENT_ID: "7lhlkkfbfb4q5kpp90urffao",
    OTEL_COLLECTOR_URL: "https://otel-collector.cruddur.example.com",
  });
});

test("the bundler's variables and nginx's origins come of the same values", async () => {
  expect(await configure(folder, complete)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const variables = readFileSync(join(folder, ".env.production.local"), "utf8").trim().split("\n");
  expect(variables.sort()).toEqual(
    Object.entries({
      ...complete,
      // As the app reads the region, too.
      AWS_PROJECT_REGION: complete.AWS_REGION,
      AWS_COGNITO_REGION: complete.AWS_REGION,
    })
      .flatMap(([name, value]) => [`REACT_APP_${name}=${value}`, `VITE_${name}=${value}`])
      .sort(),
  );
  const configuration = readFileSync(join(folder, "nginx.conf"), "utf8");
  const sourcesOf = (directive: string) =>
    new RegExp(`${directive} 'self' ([^;]*);`).exec(configuration)?.[1]?.split(" ") ?? [];
  expect(sourcesOf("img-src")).toEqual(["data:", "blob:", "https://assets.cruddur.example.com"]);
  expect(sourcesOf("connect-src")).toEqual([
    "https://api.cruddur.example.com",
    "wss://api.cruddur.example.com",
    "https://otel-collector.cruddur.example.com",
    "https://cognito-idp.eu-central-1.amazonaws.com",
  ]);
});

test.each(frontendBuildArguments.map(({ name }) => name))("without %s nothing is built", async (name) => {
  for (const value of [undefined, ""]) {
    const { [name]: _, ...others } = complete;
    const { exitCode, stderr } = await configure(folder, value === undefined ? others : { ...others, [name]: value });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^[^\\n]*${name} is missing[^\\n]*\\n$`))]);
    expect(readdirSync(folder)).toEqual([]);
  }
});

test.each([
  ["BACKEND_URL", "http://api.cruddur.example.com"],
  ["BACKEND_URL", "https://api.cruddur.example.com/api"],
  ["BACKEND_URL", "https://a.example.com; script-src *"],
  ["AWS_REGION", "Frankfurt"],
  ["AWS_USER_POOLS_ID", "AbCdEf123"],
  ["AWS_USER_POOLS_WEB_CLIENT_ID", "undefined!"],
  ["OTEL_COLLECTOR_URL", "otel-collector.cruddur.example.com"],
])("%s can't be %s", async (name, value) => {
  const { exitCode, stderr } = await configure(folder, { ...complete, [name]: value });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${name} is ${JSON.stringify(value)}: give `)]);
  expect(readdirSync(folder)).toEqual([]);
});

test("without a template it checks, and writes nothing", async () => {
  const check = (environment: Record<string, string>) =>
    runProcess(process.execPath, [join(project, "frontend/image/configure.mjs")], { cwd: folder, environment });
  expect(await check(complete)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(await check({})).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("BACKEND_URL is missing") });
  expect(readdirSync(folder)).toEqual([]);
});

test("the app's files can't replace what is made for the image", () => {
  const dockerfile = read("Dockerfile.prod");
  const [build = "", run = ""] = dockerfile.split("FROM docker.io/library/nginx:");
  // Made outside of the folder that COPY . fills, and put into the image after what was built there.
  expect(build).toMatch(
    /WORKDIR \/image\n[\s\S]*RUN node configure.mjs nginx.conf.template nginx.conf\nWORKDIR \/build\n/,
  );
  expect(build.indexOf("COPY . ./")).toBeLessThan(build.indexOf("cp /image/.env.production.local"));
  expect(run.indexOf("/usr/share/nginx/html")).toBeLessThan(run.indexOf("COPY --from=build /image/nginx.conf"));
});

test("the pool lies in the region", async () => {
  const { exitCode, stderr } = await configure(folder, { ...complete, AWS_REGION: "us-east-1" });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("AWS_REGION is us-east-1: give the pool's region.")]);
  expect(readdirSync(folder)).toEqual([]);
});

test("the Dockerfile takes the same arguments before anything else, and nginx listens where the task definition says", () => {
  const dockerfile = read("Dockerfile.prod");
  const declared = [...dockerfile.matchAll(/^ARG (\w+)$/gm)].map(([, name]) => name);
  expect(declared.sort()).toEqual(frontendBuildArguments.map(({ name }) => name).sort());
  expect(dockerfile.indexOf("node configure.mjs")).toBeLessThan(dockerfile.indexOf("npm ci"));
  expect(read("nginx.conf.template")).toContain(`listen ${ports.frontend};`);
  expect(dockerfile).toContain(`EXPOSE ${frontendReactJs.containers[0].ports[0]?.containerPort}\n`);
});
