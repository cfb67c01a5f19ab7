const { mkdtempSync, existsSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Before the first test: a place for what test files share. */
module.exports = async () => {
  process.env.SHARED_BY_TESTS = mkdtempSync(join(tmpdir(), "shared-"));
};

/** After the last one: what was started there ends. */
module.exports.stop = async () => {
  const folder = process.env.SHARED_BY_TESTS;
  const pidFile = join(folder, "pid");
  if (existsSync(pidFile)) {
    try {
      process.kill(-Number(readFileSync(pidFile, "utf8")), "SIGTERM");
    } catch {
      // It has ended.
    }
  }
  rmSync(folder, { recursive: true, force: true });
};
