/** Runs the authorizer on this machine, as `npm start` in its folder does, with the project's own esbuild. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";

export interface AuthzProcess {
  readonly port: number;
  readonly child: ChildProcess;
  /** The log so far: one JSON object a line. */
  readonly lines: readonly string[];
  /** Ends it at once. */
  stop(): Promise<void>;
}

/** Bundles `authz/`. @returns the file to run */
export async function buildAuthz(project: string): Promise<string> {
  const folder = join(project, ".cache", "authz");
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `authz.${process.pid}.js`);
  await build({
    entryPoints: [join(project, "authz", "src", "main.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile: unfinished,
    logLevel: "error",
  });
  const file = join(folder, "authz.js");
  renameSync(unfinished, file);
  return file;
}

/**
 * Starts it on a free port and waits until it listens; whether it has keys by then is told by its health check.
 * @param file what `buildAuthz` has returned
 */
export async function startAuthz(
  file: string,
  environment: Readonly<Record<"AWS_COGNITO_USER_POOL_ID" | "AWS_COGNITO_USER_POOL_CLIENT_ID" | "JWKS", string>> & {
    readonly PORT?: string;
  },
): Promise<AuthzProcess> {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (line.includes('"event":"listening"')) resolve(JSON.parse(line).port);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`The authorizer ended with ${code}: ${lines.join("\n")}`)));
  });
  const stop = () => {
    child.kill("SIGKILL");
    return ended;
  };
  return { port, child, lines, stop };
}
