import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { UserError } from "../../../lib/user-error";

export interface Load {
  readonly port: number;
  readonly path: string;
  /** One token a line, sent in turn. */
  readonly tokensFile: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p99Ms: number;
}

/** @throws UserError where there is no wrk */
export async function requireWrk(): Promise<void> {
  if ((await runProcess("wrk", ["-v"])).exitCode === 127) {
    throw new UserError(
      'The load generator wrk is needed for this: "apt-get install wrk" on Debian and Ubuntu, "brew install wrk" on macOS.',
    );
  }
}

/** Sends as many requests as come through, by one thread. https://github.com/wg/wrk */
export async function runLoad(project: string, load: Load): Promise<LoadResult> {
  const { port, path, tokensFile, connections, seconds } = load;
  const { exitCode, stdout, stderr } = await runProcess(
    "wrk",
    [
      ...["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--timeout", "5s"],
      ...["--script", join(project, "tools", "bench", "path", "wrk.lua"), `http://127.0.0.1:${port}`],
    ],
    { environment: { ...process.env, TOKENS: tokensFile, PATH_TO: path } },
  );
  const line = stdout.split("\n").find((text) => text.startsWith("{"));
  if (exitCode !== 0 || line === undefined) throw new Error(`wrk failed: ${stderr || stdout}`);
  const { failed, ...result } = JSON.parse(line) as LoadResult & { failed: number };
  if (failed > 0) throw new Error(`${failed} of ${result.requests} requests to ${path} on port ${port} failed`);
  return result;
}
