/** The container engine on the command line: Docker, or what takes its arguments. */
import { type RunResult, runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";

/** Names the engine where no option does. */
export const engineVariable = "DOCKER";
const knownEngines = ["docker", "podman"] as const;

/** What engines and registries say, and what it means to the user. */
const explanations: readonly (readonly [pattern: RegExp, meaning: (engine: string, registry: string) => string])[] = [
  [
    /cannot connect to the docker daemon|is the docker daemon running|unable to connect to podman|connect: (connection refused|no such file)/i,
    (engine) => `the engine of "${engine}" isn't running or can't be reached: start it, or name another with --engine`,
  ],
  [
    /no basic auth credentials|unauthorized|authentication required|authorization token has expired|denied: your/i,
    (engine, registry) =>
      `"${engine}" isn't logged in to ${registry}, or its token of twelve hours has expired: run bin/ecr/login`,
  ],
  [
    /name unknown|repository with name .* does not exist|repository does not exist/i,
    (_engine, registry) => `there is no such repository in ${registry}: deploy the stack app, which makes it`,
  ],
  [
    /no space left on device/i,
    () => "there is no space left on the disk of the engine: make room, or prune its images",
  ],
];

export class Engine {
  constructor(
    readonly command: string,
    private readonly report: (line: string) => void,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * The engine that option or environment name, else the first that is there.
   * @param signal interrupts what it runs, which would go on by itself otherwise
   * @throws UserError without any
   */
  static async find(named: string | undefined, report: (line: string) => void, signal?: AbortSignal): Promise<Engine> {
    const chosen = named ?? process.env[engineVariable];
    for (const command of chosen === undefined ? knownEngines : [chosen]) {
      // Asks no daemon.
      const { exitCode } = await runProcess(command, ["--version"]);
      if (exitCode === 0) return new Engine(command, report, signal);
    }
    throw new UserError(
      chosen === undefined
        ? `No container engine was found (${knownEngines.join(" or ")}): install one, or name it with --engine or in ${engineVariable}.`
        : `The container engine "${chosen}" was not found: install it, or name another with --engine or in ${engineVariable}.`,
    );
  }

  /**
   * Runs a command of the engine, with its progress for the user.
   * @param input for its standard input
   * @throws UserError that says what failed and why
   */
  async run(args: readonly string[], registry: string, input?: string): Promise<RunResult> {
    const result = await runProcess(this.command, args, {
      onLine: input === undefined ? this.report : undefined,
      input,
      signal: this.signal,
    });
    if (this.signal?.aborted) throw new UserError(`${this.command} ${args[0]} was interrupted.`);
    if (result.exitCode === 0) return result;
    const said = `${result.stderr}\n${result.stdout}`;
    const [, meaning] = explanations.find(([pattern]) => pattern.test(said)) ?? [];
    const last = (result.stderr.trim() || result.stdout.trim()).split("\n").at(-1) ?? "";
    throw new UserError(
      `${this.command} ${args[0]} failed: ${meaning?.(this.command, registry) ?? `${last || `exit code ${result.exitCode}`}`}.`,
    );
  }
}
