/**
 * Starts the local AWS and tells Terraform where it is. The stacks run against it unmodified: the provider reads its
 * endpoints from the environment.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../../lib/user-error";

export interface LocalAws {
  readonly pid: number;
  readonly endpoint: string;
  /**
   * Endpoints, region and dummy credentials for Terraform and the AWS tools. What the machine has of AWS variables is undefined
   * in it, which takes them out of whatever it is spread over.
   */
  readonly environment: NodeJS.ProcessEnv;
  /** Lets it live on when this process ends. */
  keep(): Promise<void>;
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
  /** Variables of the environment by which its processes can be found. @default none */
  readonly marker?: NodeJS.ProcessEnv;
  readonly report?: (line: string) => void;
  /** Aborting gives up a start that is under way. */
  readonly signal?: AbortSignal;
}

/** Takes the variables with such names out of an environment that this is spread over. */
export function without(names: RegExp, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const found = Object.keys(environment).filter((name) => names.test(name));
  return Object.fromEntries(found.map((name) => [name, undefined]));
}

/** Profiles, endpoints, credentials and default tags of the machine. */
export const machineAws = /^(AWS|TF_AWS)_/;

export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { project, region = "us-east-1", domain = "cruddur.example.com", report } = options;
  const functions = (options.functionNames ?? []).flatMap((name) => ["--function", name]);
  const args = ["--region", region, "--domain", domain, ...functions];
  const child = spawn(process.execPath, [join(project, "tools", "run.mjs"), "local/aws/server.ts", ...args], {
    cwd: project,
    // Warnings of Node's and the AWS SDK's would be taken for what went wrong.
    env: { ...process.env, ...without(machineAws), ...options.marker, NODE_NO_WARNINGS: "1" },
    stdio: ["pipe", "pipe", "pipe"],
    // Out of the terminal's foreground group: Ctrl-C reaches Terraform first, and this when Terraform is done.
    detached: true,
  });
  const giveUp = () => child.kill("SIGTERM");
  options.signal?.addEventListener("abort", giveUp);
  const { endpoint, xrayEndpoint, pid } = await ready(child, report);
  options.signal?.removeEventListener("abort", giveUp);
  return {
    pid,
    endpoint,
    environment: {
      ...without(machineAws),
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_XRAY: xrayEndpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      // The same for the machine's files and its instance profile.
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    keep: () => kept(child),
    stop: () => stopped(child),
  };
}

async function kept(child: ChildProcessWithoutNullStreams): Promise<void> {
  await new Promise<void>((resolve) => child.stdin.end("keep\n", resolve));
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  child.unref();
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
        if (message.progress !== undefined) report?.(message.progress);
        else if (message.failure !== undefined)
          reject(new UserError(`The local AWS did not start: ${message.failure}`));
        else resolve(message);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      const cause = problem.trim().replace(/^Error: /, "") || `it ended with ${code}`;
      reject(new UserError(`The local AWS did not start: ${cause}`));
    });
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await ended;
}
