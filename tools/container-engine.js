/** Whether images can be run here as they are on Fargate: by a container engine of the tests' own, which takes root. */
const { accessSync, constants } = require("node:fs");
const { delimiter, join } = require("node:path");

/** Of packages that `npm run test:tools` installs, and of util-linux. */
const commands = ["podman", "mmdebstrap", "iptables", "unshare", "nsenter"];

/** @param {string} command */
function isThere(command) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What is missing, as a clause; undefined where nothing is. */
function missingForEngine() {
  if (process.platform !== "linux") return "they need Linux";
  if (process.getuid?.() !== 0) return "they need root";
  const missing = commands.filter((command) => !isThere(command));
  return missing.length === 0 ? undefined : `${missing.join(", ")} not installed: npm run test:tools`;
}

/** In CI they run, and fail where there is no engine. */
const isLeftOut = () => !process.env.CI && missingForEngine() !== undefined;

/** The tests, as jest's patterns of paths. */
const testPaths = ["/__tests__/exhaustive/images/run\\.test\\.ts$", "/__tests__/exhaustive/local/system\\.test\\.ts$"];

module.exports = { missingForEngine, isLeftOut, testPaths };
