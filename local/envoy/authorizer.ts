/** The project's own authorizer as a process on this machine. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { killWithParent } from "../../lib/kill-with-parent";
import { UserError } from "../../lib/user-error";

export interface LocalAuthorizer {
  readonly pid: number;
  readonly port: number;
  readonly output: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  stop(): Promise<void>;
}

export interface LocalAuthorizerOptions {
  /** The project's folder. */
  readonly project: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** File or URL of the keys. */
  readonly jwks: string;
  /** @default any free one */
  readonly port?: number;
  /** @default true: it is started when it is well, so that it has keys */
  readonly healthy?: boolean;
}

const startLimitMs = 20_000;

export async function startLocalAuthorizer({
  project,
  userPoolId,
  clientId,
  jwks,
  port = 0,
  healthy = true,
}: LocalAuthorizerOptions): Promise<LocalAuthorizer> {
  const child = spawn(process.execPath, [join(project, "tools", "run.mjs"), "authz/src/main.ts"], {
    cwd: project,
    env: {
      ...process.env,
      PORT: String(port),
      AWS_COGNITO_USER_POOL_ID: userPoolId,
      AWS_COGNITO_USER_POOL_CLIENT_ID: clientId,
      JWKS: jwks,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = killWithParent(() => child.kill("SIGKILL"), exited);
  const listening = new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        written += `${line}\n`;
        const chosen = /"event":"listening".*"port":(\d+)/.exec(line)?.[1];
        if (chosen !== undefined) resolve(Number(chosen));
      });
    }
    exited.then(() => reject(new UserError(`The authorizer did not start: ${written.trim()}`)));
  });
  const chosenPort = await listening;
  const deadline = Date.now() + startLimitMs;
  while (healthy && !(await fetch(`http://127.0.0.1:${chosenPort}/health-check`)).ok) {
    if (Date.now() > deadline) {
      await stop();
      throw new UserError(`The authorizer did not become healthy: ${written.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const { pid = 0 } = child;
  return { pid, port: chosenPort, output: () => written, signal: (signal) => child.kill(signal), stop };
}
