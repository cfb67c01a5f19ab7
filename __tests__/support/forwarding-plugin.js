#!/usr/bin/env node
// In the place of AWS's plugin for port forwarding: takes the same call, and forwards for real, to a port of this machine that
// the test names for the remote host. Writes down how it was called, and where the session's token and the password showed.
const { appendFileSync, readdirSync, readFileSync } = require("node:fs");
const net = require("node:net");

const { FORWARD_TO, FORWARD_RECORD, FORWARD_FAILS, FORWARD_SECRETS } = process.env;
if (process.argv[2] === "--version") {
  console.log("1.2.707.0");
  process.exit(0);
}
const record = (what) => appendFileSync(FORWARD_RECORD, `${JSON.stringify(what)}\n`);
const [, , variable, , , , request] = process.argv;
const { host, localPortNumber } = JSON.parse(request).Parameters;

function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Secrets (of a file: an environment would show them) that a command line of any process, or psql's environment, holds. */
function showing() {
  const own = JSON.parse(readFileSync(FORWARD_SECRETS, "utf8"));
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      const line = textOf(`/proc/${pid}/cmdline`);
      const isPsql = /^(\S*\/)?psql\0/.test(line);
      const text = line + (isPsql ? textOf(`/proc/${pid}/environ`) : "");
      return own.filter((secret) => text.includes(secret)).map(() => line.split("\0")[0]);
    });
}

record({ args: process.argv.slice(2), session: process.env[variable] });
if (FORWARD_FAILS !== undefined) {
  console.error(FORWARD_FAILS);
  process.exit(1);
}
const server = net.createServer((local) => {
  record({ showing: showing() });
  const remote = net.connect(Number(FORWARD_TO), "127.0.0.1");
  local.pipe(remote).pipe(local);
  for (const socket of [local, remote]) {
    socket.on("error", () => {
      local.destroy();
      remote.destroy();
    });
  }
});
server.listen(Number(localPortNumber[0]), "127.0.0.1", () => {
  console.log("\nStarting session with SessionId: session-1");
  console.log(`Port ${localPortNumber[0]} opened for sessionId session-1.`);
  console.log("Waiting for connections...");
});
process.on("SIGINT", () => {
  record({ ended: host[0] });
  console.log("Terminate signal received, exiting.");
  process.exit(0);
});
