const { writeSync } = require("node:fs");
const containerEngine = require("../../tools/container-engine");
const openTofu = require("../../tools/opentofu");

/** Ends the run with one plain line of counts. In CI a test that did not run counts as failed. */
module.exports = class ClosingLineReporter {
  constructor({ rootDir }) {
    this.project = rootDir;
  }

  onRunComplete(contexts, results) {
    const isExhaustive = [...contexts].some(({ config }) => config.displayName?.name === "exhaustive");
    if (isExhaustive && !openTofu.isBuilt(this.project)) {
      const build = "node tools/run.mjs tools/build-opentofu.ts";
      process.once("exit", () => writeSync(1, `Left out: the tests of OpenTofu, which isn't built here (${build})\n`));
    }
    if (isExhaustive && containerEngine.isLeftOut()) {
      const line = `Left out: the tests that run images: ${containerEngine.missingForEngine()}\n`;
      process.once("exit", () => writeSync(1, line));
    }
    const skipped = results.numPendingTests + results.numTodoTests;
    const failedInCi = process.env.CI ? skipped : 0;
    // A suite that breaks before its first test has no test to count.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + failedInCi;
    if (failedInCi > 0) this.error = new Error(`${skipped} tests were skipped, which counts as failed in CI`);
    const skippedText = skipped > 0 && !process.env.CI ? `, ${skipped} skipped` : "";
    const line = `${results.numPassedTests} passed, ${failed} failed${skippedText}\n`;
    // After jest's own summary, whichever reporter writes that.
    process.once("exit", () => writeSync(1, line));
  }

  getLastError() {
    return this.error;
  }
};
