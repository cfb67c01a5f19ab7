#!/usr/bin/env node
// In the place of AWS's plugin: writes down how it was called, and which command lines then held the session's token.
const { existsSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");

const { FAKE_PLUGIN_VERSION, FAKE_PLUGIN_RECORD, FAKE_PLUGIN_EXIT, FAKE_PLUGIN_TOKEN } = process.env;
const { FAKE_PLUGIN_WAITS, FAKE_PLUGIN_GIVES_UP } = process.env;
if (process.argv[2] === "--version") {
  console.log(FAKE_PLUGIN_VERSION);
  process.exit(0);
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

const withToken = readdirSync("/proc").filter(
  (pid) => /^\d+$/.test(pid) && commandLine(pid).includes(FAKE_PLUGIN_TOKEN),
);
const record = (more) =>
  writeFileSync(
    FAKE_PLUGIN_RECORD,
    JSON.stringify({
      args: process.argv.slice(2),
      session: process.env.AWS_SSM_START_SESSION_RESPONSE,
      commandLinesWithToken: withToken.length,
      ...more,
    }),
  );
console.log("hello from the container");
if (FAKE_PLUGIN_WAITS === undefined) {
  record({ input: readFileSync(0, "utf8") });
  // As AWS's own does at the end of an input that is no terminal; its exit code is 0 then.
  if (FAKE_PLUGIN_GIVES_UP !== undefined) console.log(`\nCannot perform start session: ${FAKE_PLUGIN_GIVES_UP}`);
  process.exit(Number(FAKE_PLUGIN_EXIT));
}
// A remote command that takes Ctrl-C for itself: it ends on its own, when the test says so.
process.on("SIGINT", () => record({ interrupted: true }));
record({ interrupted: false });
setInterval(() => {
  if (existsSync(FAKE_PLUGIN_WAITS)) process.exit(Number(FAKE_PLUGIN_EXIT));
}, 50);
