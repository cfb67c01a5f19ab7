/** Runs Terraform in one folder, without a terminal. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { oldestTerraform } from "./oldest-terraform";
import { type RunOptions, type RunResult, runProcess } from "./run-process";
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
    /** `true` where the value is sensitive, in a value of the same shape. */
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    /** Present where an `import` block brings the object in. */
    readonly importing?: unknown;
    /** The attributes for whose sake the object is replaced, each as its path. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
  /** Where a `moved` block takes the object from. */
  readonly previous_address?: string;
  /** Key of an object that a replacement has left. */
  readonly deposed?: string;
  /** Why, where the action is not plain from the change: `delete_because_no_resource_config`. */
  readonly action_reason?: string;
}

export interface PlannedOutput {
  readonly sensitive: boolean;
  /** Absent where it is not known yet. */
  readonly type?: unknown;
  readonly value?: unknown;
}

export interface Plan {
  readonly resource_changes?: readonly PlannedChange[];
  /** What others have changed since Terraform last looked: no part of what an apply does. */
  readonly resource_drift?: readonly PlannedChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
  readonly planned_values?: {
    readonly outputs?: Readonly<Record<string, PlannedOutput>>;
    readonly root_module?: { readonly resources?: readonly { readonly mode: string; readonly address: string }[] };
  };
  readonly configuration?: {
    readonly root_module?: {
      readonly resources?: readonly ConfiguredResource[];
      readonly variables?: Readonly<Record<string, { readonly sensitive?: boolean }>>;
    };
  };
  /** The values, also of sensitive variables, in clear. */
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  /** Whether the plan is one that failed half-way. */
  readonly errored?: boolean;
  /** Whether an apply would do anything at all. */
  readonly applyable?: boolean;
  readonly deferred_changes?: readonly unknown[];
}

/** What the configuration says of a resource: constants and references, by argument. */
export interface ConfiguredResource {
  readonly mode: string;
  readonly address: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
}

export interface TerraformOptions {
  /** Variables of the environment on top of the process's: AWS endpoints, `TF_VAR_…`. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
  readonly onStart?: (pid: number) => void;
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
    .map((error) => error.split(/\n\n(?:Terraform acquires|Please|For more|You can|To )/)[0] ?? "")
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
  attempt(command: string, ...args: readonly string[]): Promise<RunResult> {
    return this.start({}, command, args);
  }

  /** Runs a command that may fail, its output into a file that the user alone can read. */
  attemptInto(stdoutFile: string, command: string, ...args: readonly string[]): Promise<RunResult> {
    return this.start({ stdoutFile }, command, args);
  }

  private async start(run: RunOptions, command: string, args: readonly string[]): Promise<RunResult> {
    const { environment, onLine, onStart, signal } = this.options;
    // Only progress goes to the listener: the JSON of `show` and `output` is for the caller.
    const listener = command === "show" || command === "output" ? undefined : onLine;
    const result = await runProcess(terraformBinary(), [command, ...args], {
      cwd: this.directory,
      environment: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", ...environment },
      onLine: listener,
      onStart,
      signal,
      ...run,
    });
    if (result.exitCode === 127) {
      throw noTerraform();
    }
    return result;
  }
}
