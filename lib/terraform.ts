/** Runs Terraform in one folder, without a terminal. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { oldestTerraform } from "./oldest-terraform";
import { type RunResult, runProcess } from "./run-process";
import { UserError } from "./user-error";

/** A change as `terraform show -json` gives it. https://developer.hashicorp.com/terraform/internals/json-format */
export interface PlannedChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly change: {
    readonly actions: readonly ("no-op" | "create" | "read" | "update" | "delete" | "forget")[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: unknown;
  };
}

export interface Plan {
  readonly resource_changes?: readonly PlannedChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

export interface TerraformOptions {
  /** Variables of the environment on top of the process's: AWS endpoints, `TF_VAR_…`. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The binary, as cdktf-cli chooses it too. */
export function terraformBinary(): string {
  return process.env.TERRAFORM_BINARY_NAME ?? "terraform";
}

export const terraformAdvice = `install Terraform ${oldestTerraform} or later (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME`;

export function noTerraform(): UserError {
  return new UserError(`No Terraform was found ("${terraformBinary()}"): ${terraformAdvice}.`);
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
      return JSON.parse((await this.run("show", "-json", "-no-color", planFile)).stdout);
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
    if (this.options.signal?.aborted) throw new UserError(`terraform ${command} was interrupted.`);
    if (result.exitCode === 0) return result;
    throw new UserError(`terraform ${command} failed in ${this.directory}:\n${result.stderr.trim()}`);
  }

  /** Runs a command that may fail. */
  async attempt(command: string, ...args: readonly string[]): Promise<RunResult> {
    const { environment, onLine, signal } = this.options;
    // Only progress goes to the listener: the JSON of `show` and `output` is for the caller.
    const listener = command === "show" || command === "output" ? undefined : onLine;
    const result = await runProcess(terraformBinary(), [command, ...args], {
      cwd: this.directory,
      environment: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", ...environment },
      onLine: listener,
      signal,
    });
    if (result.exitCode === 127) {
      throw noTerraform();
    }
    return result;
  }
}
