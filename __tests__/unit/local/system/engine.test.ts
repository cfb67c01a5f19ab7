/** Which engine is taken, and what is said where none works. */
import { findComposeEngine, type Run } from "../../../../local/system/engine";

type Answers = Readonly<Record<string, string | { readonly code: number; readonly said: string }>>;

/** A machine whose commands answer so; others aren't installed. */
function machine(answers: Answers): Run {
  return async (command, args) => {
    const answer = answers[[command, ...args].join(" ")];
    if (typeof answer === "string") return { exitCode: 0, stdout: `${answer}\n`, stderr: "" };
    if (answer !== undefined) return { exitCode: answer.code, stdout: "", stderr: `${answer.said}\n` };
    const isThere = Object.keys(answers).some((one) => one.startsWith(`${command} `));
    return { exitCode: isThere ? 125 : 127, stdout: "", stderr: "" };
  };
}

const docker = { "docker compose version --short": "2.40.3", "docker version --format {{.Server.Version}}": "28.2.2" };
const podman = { "podman --version": "podman version 5.4.0", "podman info --format {{.Version.Version}}": "5.4.0" };
const old = { "podman --version": "podman version 4.3.1", "podman info --format {{.Version.Version}}": "4.3.1" };
const composePy = { "podman-compose --version": "podman-compose version 1.6.0\npodman version 4.3.1" };

test.each([
  ["docker compose 2.40.3", { ...docker, ...podman, ...composePy }, ["docker", "compose"], "docker"],
  ["podman compose 5.4.0", { ...podman, "podman compose version": "2.40" }, ["podman", "compose"], "podman"],
  ["podman-compose 1.6.0", { ...old, ...composePy }, ["podman-compose"], "podman"],
])("takes %s", async (description, answers, compose, program) => {
  expect(await findComposeEngine(undefined, machine(answers))).toEqual({ description, compose, program });
});

test("a compose that somebody has built is taken", async () => {
  const found = await findComposeEngine(undefined, machine({ ...docker, "docker compose version --short": "dev" }));
  expect(found.description).toBe("docker compose of an unknown version");
});

test("takes the one that is named", async () => {
  const found = await findComposeEngine("podman-compose", machine({ ...docker, ...old, ...composePy }));
  expect(found.compose).toEqual(["podman-compose"]);
});

test.each<[string, Answers, string[]]>([
  [
    "nothing",
    {},
    [
      "docker compose: docker isn't installed",
      "podman compose: podman isn't installed",
      "podman-compose isn't installed",
    ],
  ],
  [
    "docker without a daemon",
    {
      ...docker,
      "docker version --format {{.Server.Version}}": {
        code: 1,
        said: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      },
    },
    ["its engine doesn't answer: Cannot connect to the Docker daemon at unix:///var/run/docker.sock."],
  ],
  [
    "docker without compose",
    { "docker --version": "28" },
    ["docker has no compose plugin: install docker-compose-plugin"],
  ],
  [
    "an old compose",
    { ...docker, "docker compose version --short": "1.29.2" },
    ["docker compose is 1.29.2: install 2.0 or later"],
  ],
  ["an old podman alone", old, ["podman is 4.3.1, and has the command since 4.7", "pipx install podman-compose"]],
  ["podman without a provider", podman, ["podman 5.4.0 has no provider for it"]],
  ["podman-compose without podman", composePy, ["podman-compose: podman isn't installed"]],
])("with %s it says what is missing", async (_what, answers, sentences) => {
  const error = await findComposeEngine(undefined, machine(answers)).catch((one: Error) => one);
  expect(error).toMatchObject({ name: "UserError" });
  for (const sentence of sentences) expect((error as Error).message).toContain(sentence);
  expect((error as Error).message).toContain("https://docs.docker.com/engine/install/");
});
