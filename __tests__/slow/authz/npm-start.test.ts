/** The package as it is deployed: installed by its own lock file, started by `npm start` in its folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { runProcess } from "../../../lib/run-process";
import { newSigningKey, UserPool } from "../../../local/cognito/user-pool";
import { backendAuthz } from "../../../services/backend-authz";
import { ports } from "../../../services/names";
import { until } from "../../support/processes";
import { project } from "../../support/project";

const clone = mkdtempSync(join(tmpdir(), "authz-"));
const folder = join(clone, "authz");
const pool = new UserPool();
const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  AWS_COGNITO_USER_POOL_ID: pool.userPoolId,
  AWS_COGNITO_USER_POOL_CLIENT_ID: pool.clientId,
  PORT: "0",
};

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly lines: readonly string[];
  readonly exitCode: Promise<number | null>;
}

const started: ChildProcess[] = [];

async function npmStart(more: NodeJS.ProcessEnv): Promise<Running> {
  const child = spawn("npm", ["start"], {
    cwd: folder,
    env: { ...environment, ...more },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  started.push(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
  const listening = () => lines.find((line) => line.includes('"event":"listening"'));
  await until(() => listening() !== undefined, "the authorizer to listen");
  return { child, port: JSON.parse(listening() ?? "").port, lines, exitCode };
}

/** What the image is built of. */
function dockerfileSources(): string[] {
  return readFileSync(join(project, "authz", "Dockerfile"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("COPY ") && !line.startsWith("COPY --from"))
    .flatMap((line) => line.split(" ").slice(1, -1));
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** On kept connections, as Envoy asks. @returns status and user; "failed" where there was no answer */
function ask(port: number, token: string, path = "/api/x"): Promise<string> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const method = path === "/api/x" ? "POST" : "GET";
    const sent = request({ port, host: "127.0.0.1", method, path, headers, agent }, (response) => {
      response.resume();
      resolve(`${response.statusCode} ${response.headers["x-cognito-username"] ?? "-"}`);
    });
    sent.once("error", () => resolve("failed"));
    sent.end();
  });
}

/** Asks without a pause, from eight connections. @returns how often there was which answer */
function load(port: number, token: () => string): { end: () => Promise<Record<string, number>>; count: () => number } {
  const answers: Record<string, number> = {};
  let ending = false;
  let count = 0;
  const loops = Array.from({ length: 8 }, async () => {
    while (!ending) {
      const answer = await ask(port, token());
      answers[answer] = (answers[answer] ?? 0) + 1;
      count += 1;
    }
  });
  return {
    count: () => count,
    end: async () => {
      ending = true;
      await Promise.all(loops);
      return answers;
    },
  };
}

beforeAll(async () => {
  for (const file of dockerfileSources()) cpSync(join(project, file), join(clone, file), { recursive: true });
  const { exitCode, stderr } = await runProcess("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
  if (exitCode !== 0) throw new Error(stderr);
  await pool.serve();
}, 120_000);

afterAll(async () => {
  for (const { pid } of started) {
    try {
      process.kill(-Number(pid), "SIGKILL");
    } catch {
      // It has ended.
    }
  }
  agent.destroy();
  await pool.stop();
  rmSync(clone, { recursive: true, force: true });
});

describe("npm start in authz/", () => {
  test("the image's build sees what it copies, and nothing else", () => {
    const ignored = readFileSync(join(project, "authz", "Dockerfile.dockerignore"), "utf8")
      .trim()
      .split("\n");
    expect(ignored).toEqual(["*", ...dockerfileSources().map((file) => `!${file}`)]);
  });

  test("refuses to start with one sentence", async () => {
    const { exitCode, stderr } = await runProcess("npm", ["start", "--silent"], {
      cwd: folder,
      environment: { ...environment, AWS_COGNITO_USER_POOL_ID: "pool" },
    });
    expect(exitCode).toBe(1);
    expect(stderr.split("\n").filter((line) => line !== "" && !line.startsWith("npm warn"))).toEqual([
      'The authorizer can\'t start: AWS_COGNITO_USER_POOL_ID is "pool", but must be a user pool id such as "eu-central-1_AbCdEf123".',
    ]);
  });

  test("is well only with keys, fails no valid request while keys rotate or Cognito is away, and ends when told", async () => {
    const jwksPort = await pool.away();
    const { child, port, lines, exitCode } = await npmStart({ JWKS: pool.jwksUrl });
    const command = backendAuthz.containers[0].healthCheckCommand?.replace(String(ports.authz), String(port)) ?? "";
    const healthy = async () => (await runProcess("sh", ["-c", command])).exitCode === 0;
    expect(await healthy()).toBe(false);
    expect(await ask(port, pool.token("alice"))).toBe("503 -");
    await pool.serve(jwksPort);
    while (!(await healthy())) await new Promise((resolve) => setTimeout(resolve, 20));

    const tokens = ["alice", "bob"].map((user) => pool.token(user));
    const current = load(port, () => tokens.at(-1) ?? "");
    const more = async () => {
      const before = current.count();
      while (current.count() < before + 200) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await more();
    const next = newSigningKey();
    pool.publish(next, pool.signingKey);
    tokens.push(pool.token("carol"));
    await more();
    await pool.away();
    // Known key, unknown token: verified without the source.
    tokens.push(pool.token("dave"));
    await more();
    await pool.serve(jwksPort);
    child.kill("SIGTERM");
    await until(() => lines.some((line) => line.includes('"event":"draining"')), "draining");
    await more();
    const answers = await current.end();
    expect(Object.keys(answers).sort()).toEqual(["200 bob", "200 carol", "200 dave"]);
    expect(await exitCode).toBe(0);

    const log = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    expect(log.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["listening", "keys unavailable", "keys", "draining", "decisions", "stopped"]),
    );
    expect(log.find(({ event }) => event === "decisions")).toMatchObject({
      unavailable: 1,
      verified: expect.any(Number),
    });
    for (const token of tokens) {
      for (const part of token.split(".")) expect(lines.join("\n")).not.toContain(part);
    }
  }, 60_000);

  test("ends at once when interrupted", async () => {
    const { child, lines, exitCode } = await npmStart({ JWKS: pool.jwksUrl });
    child.kill("SIGINT");
    expect(await exitCode).toBe(0);
    expect(lines.at(-1)).toContain('"event":"stopped"');
    expect(lines.join()).not.toContain("draining");
  }, 30_000);
});
