/** PostgreSQL's own program, over a tunnel. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { type RunResult, runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";

const psql = "psql";

/** @throws UserError where it isn't installed */
export async function requirePsql(): Promise<void> {
  const { exitCode } = await runProcess(psql, ["--version"], { environment: process.env });
  if (exitCode !== 127) return;
  throw new UserError(
    `There is no ${psql} on the PATH: install PostgreSQL's client (Debian and Ubuntu: postgresql-client; macOS: brew install libpq), or open a port with bin/db/forward.`,
  );
}

/**
 * Hands the terminal to psql. Ctrl-C is psql's: it ends a query.
 * @returns its exit code; 128 and the signal's number where a signal ended it
 */
export async function psqlOnTerminal(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const ignore = () => {};
  const ignored = ["SIGINT", "SIGQUIT", "SIGTSTP"] as const;
  for (const signal of ignored) process.on(signal, ignore);
  const child = spawn(psql, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  const end = () => child.kill("SIGTERM");
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
    });
  } finally {
    for (const signal of ignored) process.off(signal, ignore);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, end);
  }
}

export interface PsqlOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** SQL that psql reads from its standard input, variables (`:'name'`) included. @default nothing */
  readonly input?: string;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Runs psql to its end, without the user's own psqlrc; the first error of its SQL ends it. */
export function runPsql(args: readonly string[], { environment, ...options }: PsqlOptions): Promise<RunResult> {
  const own = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"];
  return runProcess(psql, [...own, ...args], { environment: { ...process.env, ...environment }, ...options });
}

/** @throws UserError with what psql said */
export async function queried<Row>(sql: string, args: readonly string[], options: PsqlOptions): Promise<Row[]> {
  const wrapped = `select coalesce(json_agg(row), '[]') from (${sql}) as row;\n`;
  const format = ["--tuples-only", "--no-align", ...args];
  const { exitCode, stdout, stderr } = await runPsql(format, { ...options, input: wrapped });
  if (exitCode !== 0) throw new UserError(`The query failed. psql says:\n${stderr.trim()}`);
  return JSON.parse(stdout) as Row[];
}

/** A name of a database or role as SQL takes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
