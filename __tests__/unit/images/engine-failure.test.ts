import { explainFailure } from "../../../images/engine-failure";

const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const explain = (command: string, output: string, engine = "docker") =>
  explainFailure({ engine, args: [command, "."], registry, exitCode: 1, lines: output.split("\n") });

const buildKit = (said: string) => `#1 [internal] load build definition from Dockerfile.prod
#8 [build 5/7] RUN npm ci
#8 0.512 ${said}
#8 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
------
 > [build 5/7] RUN npm ci:
0.512 ${said}
0.530 npm error A complete log of this run can be found in: /root/.npm/_logs
------
Dockerfile.prod:13
--------------------
  13 | >>> RUN npm ci
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`;
const podman = (said: string) => `STEP 1/3: FROM node:20
STEP 2/3: RUN npm ci
${said}
subprocess exited with status 1
Error: building at STEP "RUN npm ci": while running runtime: exit status 1`;
const classic = (said: string) => `Step 1/3 : FROM node:20
Step 2/3 : RUN npm ci
 ---> Running in 0123456789ab
${said}
The command '/bin/sh -c npm ci' returned a non-zero code: 1`;

/** What programs in a build print, and an engine prints, too, where it means something else. */
const sayings = [
  "npm error 401 Unauthorized - GET https://npm.pkg.github.com/@team%2fui - authentication required",
  "denied: your account may not read this repository",
  "Cannot connect to the Docker daemon at tcp://localhost:2375. Is the docker daemon running?",
  "curl: (7) Failed to connect: connect: connection refused",
  "ENOSPC: no space left on device, write",
  "fatal: repository does not exist",
  "error saving credentials: not implemented",
];

describe.each([
  ["BuildKit", buildKit, "npm ci"],
  ["podman", podman, "npm ci"],
  ["Docker without BuildKit", classic, "npm ci"],
])("a failed step of %s", (_engine, output, step) => {
  test.each(sayings)("that printed %j is told by its own words", (said) => {
    const text = explain("build", output(said));
    expect(text).toContain("docker build failed in the step ");
    expect(text.split("\n")[0]).toContain(step);
    expect(text).toContain(`\n  ${said}`);
    expect(text).not.toMatch(/bin\/ecr\/login|start it|make room|deploy the stack|credHelpers/);
  });
});

test("a FROM without a host, which podman asks about, is told what to write", () => {
  const said =
    'Error: creating build container: short-name "envoyproxy/envoy:v1.40.0" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"';
  expect(explain("build", `STEP 1/2: FROM envoyproxy/envoy:v1.40.0\n${said}`, "podman")).toContain(
    '"podman" doesn\'t know of which registry a FROM without a host is: write docker.io/library/NAME, or docker.io/OWNER/NAME',
  );
});

test("a login is asked for where it counts: ECR's token for ECR, the engine's own elsewhere", () => {
  const of = (host: string) =>
    explainFailure({
      engine: "docker",
      args: ["push"],
      registry: host,
      exitCode: 1,
      lines: ["no basic auth credentials"],
    });
  expect(of(registry)).toContain("run bin/ecr/login");
  expect(of("registry.example.com")).toContain("run docker login registry.example.com");
});

test("a failed step's last lines are few, and without a terminal's escapes", () => {
  const text = explain(
    "build",
    podman(Array.from({ length: 50 }, (_, index) => `\u001b[31mline ${index}\u001b[0m`).join("\n")),
  );
  expect(text.split("\n").slice(1)).toEqual(Array.from({ length: 10 }, (_, index) => `  line ${40 + index}`));
});

test.each<[string, string, string]>([
  [
    "build",
    "ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "isn't running or can't be reached",
  ],
  [
    "build",
    "Error: unable to connect to Podman socket: dial unix /run/podman.sock: connect: no such file",
    "isn't running or can't be reached",
  ],
  [
    "build",
    "ERROR: failed to solve: write /var/lib/docker/tmp/x: no space left on device",
    "there is no space left on the disk of the engine",
  ],
  ["push", "Error: writing blob: unauthorized: authentication required", "run bin/ecr/login."],
  ["push", "no basic auth credentials", "run bin/ecr/login."],
  ["push", "name unknown: The repository with name 'envoy' does not exist in the registry", "deploy the stack app"],
  [
    "login",
    "Error saving credentials: error storing credentials - err: exit status 1, out: `not implemented`",
    'takes no logins ("not implemented")',
  ],
  [
    "login",
    'error getting credentials - err: exec: "docker-credential-desktop": executable file not found in $PATH, out: ``',
    "isn't installed",
  ],
  [
    "login",
    "Error response from daemon: login attempt to https://x/v2/ failed with status: 401 Unauthorized",
    "doesn't let",
  ],
])("%s: an error of the engine's own is explained, and shown: %s", (command, said, meaning) => {
  const text = explain(command, `progress\n${said}`);
  expect(text).toMatch(new RegExp(`^docker ${command} failed: `));
  expect(text).toContain(meaning);
  expect(text).toContain(said);
});

test.each<[string, string]>([
  [
    "build",
    "ERROR: failed to solve: node:20: failed to resolve source metadata: dial tcp 192.0.2.1:443: connect: connection refused",
  ],
  ["build", "ERROR: failed to solve: pull access denied, repository does not exist or may require authorization"],
  [
    "push",
    "Error: writing manifest: tag invalid: The image tag 'latest' already exists and cannot be overwritten because the repository is immutable.",
  ],
  ["login", "Error: something new"],
])("%s: what is not known is shown as it is: %s", (command, said) => {
  expect(explain(command, `progress\n${said}`)).toBe(`docker ${command} failed: ${said}.`);
});

test("an engine that says nothing", () => expect(explain("push", "")).toBe("docker push failed: exit code 1."));
