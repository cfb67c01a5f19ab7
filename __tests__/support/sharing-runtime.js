const { createRequire } = require("node:module");
const { sep } = require("node:path");
const { isNativeError } = require("node:util").types;
const { default: Runtime } = require("jest-runtime");

/** Packages without a state of their own that a test could change, and large enough to count. */
const shared = /^(cdktf|constructs|@cdktf\/provider-(aws|docker)|zod|yaml|ajv|typescript|jsonc-parser)(\/|$)/;
const teamsTests = `${sep}__tests__${sep}additions${sep}`;

/**
 * Jest's runtime, which loads large packages once a worker and not once a test file: of the processor time of the unit tests
 * of stacks and constructs, that was half. A team's own tests have jest's runtime as it is, with mocks of any package.
 */
module.exports = class SharingRuntime extends Runtime {
  constructor(config, environment, resolver, transformer, cacheFS, coverageOptions, testPath) {
    super(config, environment, resolver, transformer, cacheFS, coverageOptions, testPath);
    this.shares = !testPath.includes(teamsTests);
    // cdktf's matchers look for it where they were loaded.
    Object.defineProperty(globalThis, "expect", { configurable: true, get: () => environment.global.expect });
  }

  requireModuleOrMock(from, moduleName) {
    if (!this.shares || !shared.test(moduleName)) return super.requireModuleOrMock(from, moduleName);
    leaveStackTracesOut();
    return createRequire(from)(moduleName);
  }
};

/** cdktf's, as jest-setup.ts does it, for what is loaded here. */
function leaveStackTracesOut() {
  const { prepareStackTrace } = Error;
  if (prepareStackTrace?.leavesOut) return;
  Error.prepareStackTrace = (error, frames) =>
    isNativeError(error) ? (prepareStackTrace?.(error, frames) ?? String(error)) : "";
  Error.prepareStackTrace.leavesOut = true;
}
