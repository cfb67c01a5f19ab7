/**
 * Starts the local AWS and tells Terraform where it is. The stacks run against it unmodified: the provider reads its
 * endpoints from the environment.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../lib/user-error";

export interface LocalAws {
  readonly pid: number;
  readonly endpoint: string;
  /** Endpoints, region and dummy credentials for Terraform and the AWS tools. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends every process of it; resolves when they have ended. */
  stop(): Promise<void>;
}

export interface LocalAwsOptions {
  /** The project's folder. */
  readonly project: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** The hosted zone to seed. @default cruddur.example.com */
  readonly domain?: string;
  /** The Lambda functions to seed. @default those of 02-app */
  readonly functionNames?: readonly string[];
  /** Lives on when this process ends. @default false */
  readonly detached?: boolean;
  readonly report?: (line: string) => void;
  /** Aborting gives up a start that is under way. */
  readonly signal?: AbortSignal;
}

export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { project, region = "us-east-1", domain = "cruddur.example.com", detached = false, report } = options;
  const functions = (options.functionNames ?? []).flatMap((name) => ["--function", name]);
  const args = ["--region", region, "--domain", domain, ...functions, ...(detached ? ["--detached"] : [])];
  const child = spawn(process.execPath, [join(project, "tools", "run.mjs"), "local-aws/server.ts", ...args], {
    cwd: project,
    stdio: ["pipe", "pipe", "pipe"],
    // Out of the terminal's foreground group: Ctrl-C reaches Terraform first, and this when Terraform is done.
    detached: true,
  });
  const giveUp = () => child.kill("SIGTERM");
  options.signal?.addEventListener("abort", giveUp);
  const { endpoint, xrayEndpoint, pid } = await ready(child, report);
  options.signal?.removeEventListener("abort", giveUp);
  if (detached) {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    child.unref();
  }
  return {
    pid,
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_XRAY: xrayEndpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      // Nothing of the machine's own AWS configuration shall leak in.
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    stop: () => stopped(child),
  };
}

function ready(child: ChildProcess, report?: (line: string) => void) {
  return new Promise<{ endpoint: string; xrayEndpoint: string; pid: number }>((resolve, reject) => {
    let problem = "";
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on("line", (line) => {
        problem += `${line}\n`;
      });
    }
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const message = JSON.parse(line);
        if (message.progress === undefined) resolve(message);
        else report?.(message.progress);
      });
    }
    child.once("error", reject);
    child.once("close", () =>
      reject(new UserError(`The local AWS did not start: ${problem.trim().replace(/^Error: /, "")}`)),
    );
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await ended;
}
