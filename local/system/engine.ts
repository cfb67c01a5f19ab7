/** Which engine runs a compose file on this machine: docker compose, podman compose or podman-compose. */
import { type RunResult, runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import { isOlder } from "../../lib/version";

export type ContainerProgram = "docker" | "podman";

export interface ComposeEngine {
  /** What a compose command begins with: `["docker", "compose"]`. */
  readonly compose: readonly string[];
  /** What images and containers are asked of. */
  readonly program: ContainerProgram;
  /** For people: `docker compose 2.40.3`. */
  readonly description: string;
}

export type Run = (
  command: string,
  args: readonly string[],
) => Promise<Pick<RunResult, "exitCode" | "stdout" | "stderr">>;

interface Candidate {
  readonly name: string;
  readonly program: ContainerProgram;
  readonly compose: readonly string[];
  /** Of what is there. @returns its version, or what is missing in a clause */
  readonly look: (run: Run) => Promise<{ readonly version: string } | { readonly missing: string }>;
}

const oldestCompose = "2.0";
/** The first that has the command. https://docs.podman.io/en/latest/markdown/podman-compose.1.html */
const oldestPodmanWithCompose = "4.7";
const commandNotFound = 127;
const unknownVersion = "of an unknown version";

const candidates: readonly Candidate[] = [
  {
    name: "docker compose",
    program: "docker",
    compose: ["docker", "compose"],
    look: async (run) => {
      const plugin = await run("docker", ["compose", "version", "--short"]);
      if (plugin.exitCode === commandNotFound) return { missing: "docker isn't installed" };
      if (plugin.exitCode !== 0) return { missing: "docker has no compose plugin: install docker-compose-plugin" };
      const version = versionIn(plugin.stdout);
      // What somebody has built has no version.
      if (version !== unknownVersion && isOlder(version, oldestCompose)) {
        return { missing: `docker compose is ${version}: install ${oldestCompose} or later` };
      }
      const engine = await run("docker", ["version", "--format", "{{.Server.Version}}"]);
      return engine.exitCode === 0 ? { version } : { missing: notAnswering("docker", engine) };
    },
  },
  {
    name: "podman compose",
    program: "podman",
    compose: ["podman", "compose"],
    look: async (run) => {
      const podman = await run("podman", ["--version"]);
      if (podman.exitCode === commandNotFound) return { missing: "podman isn't installed" };
      const version = versionIn(podman.stdout);
      if (isOlder(version, oldestPodmanWithCompose)) {
        return { missing: `podman is ${version}, and has the command since ${oldestPodmanWithCompose}` };
      }
      const provider = await run("podman", ["compose", "version"]);
      if (provider.exitCode !== 0) {
        return { missing: `podman ${version} has no provider for it: install docker-compose or podman-compose` };
      }
      return podmanAnswers(run, version);
    },
  },
  {
    name: "podman-compose",
    program: "podman",
    compose: ["podman-compose"],
    look: async (run) => {
      const compose = await run("podman-compose", ["--version"]);
      if (compose.exitCode !== 0) return { missing: "podman-compose isn't installed: pipx install podman-compose" };
      const podman = await run("podman", ["--version"]);
      if (podman.exitCode === commandNotFound) return { missing: "podman isn't installed" };
      return podmanAnswers(run, versionIn(/podman-compose version:? *(\S+)/.exec(compose.stdout)?.[1] ?? ""));
    },
  },
];

async function podmanAnswers(run: Run, version: string) {
  const info = await run("podman", ["info", "--format", "{{.Version.Version}}"]);
  return info.exitCode === 0 ? { version } : { missing: notAnswering("podman", info) };
}

function versionIn(text: string): string {
  return /\d+(\.\d+)+/.exec(text)?.[0] ?? unknownVersion;
}

/** In the engine's own words. */
function notAnswering(program: string, { stdout, stderr }: Pick<RunResult, "stdout" | "stderr">): string {
  const said = (stderr.trim() || stdout.trim()).split("\n").at(-1) ?? "";
  return `${program} is installed, but its engine doesn't answer: ${said.replace(/^Error: /, "")}`;
}

export const engineNames = candidates.map(({ name }) => name);

/**
 * @param named one of `engineNames`. @default the first that works
 * @throws UserError with what is missing for each
 */
export async function findComposeEngine(named?: string, run: Run = runProcess): Promise<ComposeEngine> {
  const problems: string[] = [];
  for (const { name, program, compose, look } of candidates) {
    if (named !== undefined && named !== name) continue;
    const found = await look(run);
    if ("version" in found) return { compose, program, description: `${name} ${found.version}` };
    problems.push(`${name}: ${found.missing}`);
  }
  const which =
    named === undefined ? "None of the container engines that can run the system works" : `${named} does not work`;
  throw new UserError(
    `${which}:\n${problems.map((problem) => `  ${problem}`).join("\n")}\nInstall or start one, then try again: https://docs.docker.com/engine/install/ or https://podman.io.`,
  );
}
