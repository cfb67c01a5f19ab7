/** The URL by which the services reach the database, read as PostgreSQL's own library reads it. */
import { UserError } from "../../lib/user-error";

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Further parameters by libpq's keywords: `sslmode`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** In a password, `#` and `?` may stand as they are. */
const pattern =
  /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\[[^\]/]+\]|[^:/?,@[\]]+)(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/;

/** Told by the tunnel, or of no use through it. */
const ownKeywords = new Set(["host", "hostaddr", "port", "user", "password", "dbname", "service", "passfile"]);

/**
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @param name of what holds the URL; the URL itself is a secret, and no part of an error
 * @throws UserError for anything but a URL of one host
 */
export function connectionOf(url: string, name: string): Connection {
  const refused = new UserError(
    `${name} is no URL of a PostgreSQL database (postgresql://USER:PASSWORD@HOST:PORT/DATABASE): set the Terraform variable db_connection_url, and deploy.`,
  );
  const [, user = "", password = "", host = "", port = "5432", database = "", query = ""] = pattern.exec(url) ?? [];
  if (host === "" || Number(port) > 65535) throw refused;
  const decoded = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw refused;
    }
  };
  const pairs = query.split("&").flatMap((pair) => {
    const [key = "", ...value] = pair.split("=").map(decoded);
    return /^[a-z_]+$/.test(key) && !ownKeywords.has(key) ? [[key, value.join("=")] as const] : [];
  });
  const connection = {
    host: decoded(host.replace(/^\[|\]$/g, "")),
    port: Number(port),
    user: decoded(user),
    password: decoded(password),
    database: decoded(database) || decoded(user),
    parameters: Object.fromEntries(pairs),
  };
  const texts = [connection.host, connection.user, connection.password, connection.database];
  // A line of the service file would end there.
  if (
    connection.user === "" ||
    [...texts, ...Object.values(connection.parameters)].some((text) => /[\r\n\0]|\s$/.test(text))
  )
    throw refused;
  return connection;
}
