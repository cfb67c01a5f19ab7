const { writeSync } = require("node:fs");

/** Ends the run with one plain line of counts. In CI a test that did not run counts as failed. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
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
