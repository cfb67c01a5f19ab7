/** Opens a port of this machine that leads to the database, for programs of the user's own. */
import { once } from "node:events";
import { Option } from "commander";
import { interruptedBy } from "../../lib/interruption";
import { report } from "../../lib/report";
import { shellWord } from "../../lib/shell-words";
import { shown, UserError } from "../../lib/user-error";
import { serviceName } from "../../operations/db/service-file";
import { requireFreePort } from "../../operations/db/tunnel";
import { performOnAws } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type DatabaseOptions, withDatabase, withTunnel } from "./session";

interface Options extends DatabaseOptions {
  readonly port: number;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new UserError(`--port is ${shown(text)}: give a number from 1 to 65535.`);
}

const command = withDatabase(
  newCommand("bin/db/forward", "Opens a port of this machine that leads to the database, until Ctrl-C.", {
    done: "ended by Ctrl-C",
    failed: "there is no way to the database, or the session has ended by itself: the error says why",
  }).addOption(new Option("--port <number>", "port of this machine").default(15432).argParser(portNumber)),
);

performOnAws<Options>(command, async (options) => {
  await requireFreePort(options.port);
  const signal = interruptedBy(() => report("Closing the port"));
  const work: Parameters<typeof withTunnel>[1] = async ({ connection, tunnel, file }) => {
    const { host, port, user, database } = connection;
    console.log(`127.0.0.1:${tunnel.port} leads to ${host}:${port}, until Ctrl-C. Database ${database}, user ${user}.`);
    console.log(`With the password: PGSERVICEFILE=${shellWord(file.path)} PGSERVICE=${serviceName} psql`);
    const interrupted = signal.aborted ? Promise.resolve() : once(signal, "abort");
    const end = await Promise.race([interrupted, tunnel.ended]);
    if (typeof end === "string") throw new UserError(`The session has ended by itself: ${end}`);
  };
  await withTunnel(options, work, options.port);
});
