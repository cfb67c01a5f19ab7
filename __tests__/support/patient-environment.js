const { TestEnvironment } = require("jest-environment-node");

/** The least time that a test or a hook has in CI, in milliseconds. */
const LEAST = 15 * 60_000;

/**
 * Node's environment; in CI, where the machine is shared, no test or hook has less than a quarter of an hour. A test's own limit
 * says what it takes on a quiet machine: the same suite was seen to take three times as long on a busy one, and then
 * every limit fails that says something about the machine and nothing about the code.
 */
module.exports = class PatientEnvironment extends TestEnvironment {
  handleTestEvent(event) {
    if (!process.env.CI) return;
    const timed = event.name === "hook_start" ? event.hook : event.name === "test_start" ? event.test : undefined;
    if (timed) timed.timeout = Math.max(timed.timeout ?? 0, LEAST);
  }
};
