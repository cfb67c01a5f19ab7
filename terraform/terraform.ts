/** Runs Terraform in one folder, without a terminal. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type RunOptions, type RunResult, runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";
import { sealedEnvironment } from "./environment";
import { oldestTerraform } from "./oldest-terraform";
import { type Plan, readPlan } from "./plan";
import { terraformBinary, toolCommand, toolName } from "./tool";

export interface TerraformOptions {
  /** Variables on top of what passes of the process's (environment.ts): AWS endpoints, `TF_VAR_…`. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Names of further variables that pass: the setting `terraformEnvironment`. */
  readonly pass?: readonly string[];
  readonly onLine?: (line: string) => void;
  readonly onStart?: (pid: number) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds that an interrupted Terraform has to write the state and give its lock back. @default 30 s */
  readonly graceMs?: number;
}

const installPages = {
  Terraform: "https://developer.hashicorp.com/terraform/install",
  OpenTofu: "https://opentofu.org/docs/intro/install/",
};

export function terraformAdvice(): string {
  return `install ${toolName()} ${oldestTerraform} or later (${installPages[toolName()]}), or set TERRAFORM_BINARY_NAME`;
}

function noTerraform(): UserError {
  return new UserError(`No ${toolName()} was found ("${terraformBinary()}"): ${terraformAdvice()}.`);
}

/**
 * What Terraform said went wrong, in one line: without the values of expressions, which it prints below a source line and
 * which can be secrets, and without its general advice.
 */
export function errorSummary(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd())
    .filter((line) => !/^\s*[├│]/.test(line) && !/^\s*\d+:/.test(line));
  const errors = lines.join("\n").split(/^Error: /m);
  const text = (errors.length > 1 ? errors.slice(1) : errors)
    .map((error) => error.split(/\n\n(?:(?:Terraform|OpenTofu) acquires|Please|For more|You can|To )/)[0] ?? "")
    .join("; ")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 600 ? `${text.slice(0, 597)}...` : text;
}

export class Terraform {
  constructor(
    readonly directory: string,
    private readonly options: TerraformOptions = {},
  ) {}

  async init(...args: readonly string[]): Promise<void> {
    await this.run("init", "-input=false", "-no-color", ...args);
  }

  /** @returns the plan as data; its file stays in the folder for `apply`, when it has a name. */
  async plan({ file, args = [] }: { file?: string; args?: readonly string[] } = {}): Promise<Plan> {
    const planFile = file ?? ".plan";
    try {
      await this.run("plan", "-input=false", "-no-color", `-out=${planFile}`, ...args);
      const { stdout } = await this.run("show", "-json", "-no-color", planFile);
      return readPlan(JSON.parse(stdout), `The plan of ${this.directory}`);
    } finally {
      if (file === undefined) rmSync(join(this.directory, planFile), { force: true });
    }
  }

  /** Applies a saved plan, or whatever there is to change. */
  async apply(planFile?: string): Promise<void> {
    await this.run("apply", "-input=false", "-no-color", planFile ?? "-auto-approve");
  }

  async destroy(): Promise<void> {
    await this.run("destroy", "-input=false", "-no-color", "-auto-approve");
  }

  async outputs(): Promise<Record<string, { readonly value: unknown; readonly sensitive: boolean }>> {
    return JSON.parse((await this.run("output", "-json", "-no-color")).stdout);
  }

  /** @throws UserError with what Terraform said, when it fails */
  private async run(command: string, ...args: readonly string[]): Promise<RunResult> {
    const result = await this.attempt(command, ...args);
    if (this.options.signal?.aborted) throw new UserError(`${toolCommand()} ${command} was interrupted.`);
    if (result.exitCode === 0) return result;
    throw new UserError(`${toolCommand()} ${command} failed in ${this.directory}:\n${result.stderr.trim()}`);
  }

  /** Runs a command that may fail. */
  attempt(command: string, ...args: readonly string[]): Promise<RunResult> {
    return this.start({}, command, args);
  }

  /** Runs a command that may fail, its output into a file that the user alone can read. */
  attemptInto(stdoutFile: string, command: string, ...args: readonly string[]): Promise<RunResult> {
    return this.start({ stdoutFile }, command, args);
  }

  private async start(run: RunOptions, command: string, args: readonly string[]): Promise<RunResult> {
    const { environment, pass, onLine, onStart, signal, graceMs } = this.options;
    // Only progress goes to the listener: the JSON of `show` and `output` is for the caller.
    const listener = command === "show" || command === "output" ? undefined : onLine;
    const result = await runProcess(terraformBinary(), [command, ...args], {
      cwd: this.directory,
      environment: { ...sealedEnvironment(pass), ...environment },
      onLine: listener,
      onStart,
      signal,
      graceMs,
      ...run,
    });
    if (result.exitCode === 127) {
      throw noTerraform();
    }
    return result;
  }
}
