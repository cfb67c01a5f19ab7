const { spawnSync } = require("node:child_process");
const { mkdtempSync, existsSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { delimiter, join } = require("node:path");

const project = join(__dirname, "..", "..", "..");

/** Before the first test: a place for what test files share, and less time for Terraform's providers. */
module.exports = async () => {
  // A plan with the AWS provider took 2.4 s of processor time for 3.1 s.
  process.env.GOGC ??= "400";
  quickenTerraform();
  process.env.SHARED_BY_TESTS = mkdtempSync(join(tmpdir(), "shared-"));
};

/** Puts the tests' Terraform on the PATH (tools/provider-relay); where it can't be built, tests take longer. */
function quickenTerraform() {
  const args = [join("tools", "run.mjs"), join("tools", "build-provider-relay.ts")];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
  if (status === 0) process.env.PATH = [stdout.trim(), process.env.PATH].join(delimiter);
  else console.error(`Terraform runs as it is, which takes longer. ${stderr}`);
}

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
