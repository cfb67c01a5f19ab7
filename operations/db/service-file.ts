/**
 * How PostgreSQL's programs are told of the database: by a file that the user alone can read, so that no secret is on a
 * command line or in an environment. https://www.postgresql.org/docs/current/libpq-pgservice.html
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../../lib/scratch-folder";
import type { Connection } from "./connection-url";

/** Name of the service in the file. */
export const serviceName = "cruddur";

/** @param localPort where the tunnel begins on this machine */
export function serviceFileText({ host, user, password, database, parameters }: Connection, localPort: number): string {
  const values = {
    // The certificate is the host's; what is connected to is the tunnel.
    host,
    hostaddr: "127.0.0.1",
    port: localPort,
    user,
    password,
    dbname: database,
    ...parameters,
  };
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return `${[`[${serviceName}]`, ...lines].join("\n")}\n`;
}

export interface ServiceFile {
  readonly path: string;
  /** For programs that use libpq. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

export function writeServiceFile(connection: Connection, localPort: number): ServiceFile {
  const folder = scratchFolder("database");
  const remove = () => {
    process.off("exit", remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", remove);
  const path = join(folder, "pg_service.conf");
  writeFileSync(path, serviceFileText(connection, localPort), { mode: 0o600 });
  return { path, environment: { PGSERVICEFILE: path, PGSERVICE: serviceName }, remove };
}
