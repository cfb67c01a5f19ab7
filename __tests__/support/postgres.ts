/** A real PostgreSQL server of a test's own, with a password, on a free port. */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../lib/free-port";
import { killWithParent } from "../../lib/kill-with-parent";
import { untilAsync } from "./processes";

export interface Postgres {
  readonly port: number;
  /** What psql prints of a query, asked as the superuser over the server's socket. */
  query(sql: string, database?: string): string;
  stop(): Promise<void>;
}

/** Debian keeps its programs out of the PATH. */
function program(name: string): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, "bin", name)).find((file) => existsSync(file));
  return found ?? name;
}

/** The server refuses to run as root: there it runs as the user that Debian has for it. */
function user(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** @param role whom it has beside the superuser: may log in with the password, and make databases */
export async function startPostgres(role: { readonly name: string; readonly password: string }): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const who = user();
  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid ?? -1);
  const data = join(folder, "data");
  const options = { ...who, cwd: folder, encoding: "utf8" as const };
  const init = ["--pgdata", data, "--username=super", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"];
  execFileSync(program("initdb"), init, { ...options, stdio: "pipe" });
  const port = await freePort();
  const settings = ["-p", `${port}`, "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
  const server = spawn(program("postgres"), ["-D", data, ...settings], { ...options, stdio: "ignore" });
  const stopped = new Promise((resolve) => server.once("exit", resolve));
  const kill = killWithParent(() => server.kill("SIGINT"), stopped);
  const query = (sql: string, database = "postgres") =>
    execFileSync("psql", ["-XAtq", "-h", folder, "-p", `${port}`, "-U", "super", "-d", database, "-c", sql], {
      encoding: "utf8",
      stdio: "pipe",
      env: { PATH: process.env.PATH },
    }).trim();
  await untilAsync(async () => {
    try {
      return query("select 1") === "1";
    } catch {
      return false;
    }
  }, "PostgreSQL");
  query(`create role "${role.name}" login createdb password '${role.password}'`);
  return {
    port,
    query,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes a file of the user's alone, and gives its path. */
export function textFile(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
