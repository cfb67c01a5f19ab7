/** The container engine on the command line: Docker, or what takes its arguments. */
import { type RunResult, runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";
import { explainFailure } from "./engine-failure";

/** Names the engine where no option does. */
export const engineVariable = "DOCKER";
const knownEngines = ["docker", "podman"] as const;

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
    const lines: string[] = [];
    const result = await runProcess(this.command, args, {
      onLine: (line) => {
        lines.push(line);
        if (input === undefined) this.report(line);
      },
      input,
      signal: this.signal,
    });
    if (this.signal?.aborted) throw new UserError(`${this.command} ${args[0]} was interrupted.`);
    if (result.exitCode === 0) return result;
    const { command: engine } = this;
    throw new UserError(explainFailure({ engine, args, registry, exitCode: result.exitCode, lines }));
  }
}
