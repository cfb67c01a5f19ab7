const containerEngine = require("./tools/container-engine");
const openTofu = require("./tools/opentofu");

const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
  ],
};
/** Of the projects whose tests start from a deployed system. */
const shared = {
  testEnvironment: "<rootDir>/__tests__/support/patient-environment.js",
  globalSetup: "<rootDir>/__tests__/support/aws/deployed-setup.js",
  globalTeardown: "<rootDir>/__tests__/support/aws/deployed-teardown.js",
};
const project = (displayName, testFiles, more = {}) => ({
  testEnvironment: "node",
  ...more,
  displayName,
  testMatch: testFiles.map((files) => `<rootDir>/__tests__/${files}`),
  // What tools/run.mjs defines for a run.
  globals: { PROJECT_FOLDER: __dirname },
  // The matchers of cdktf, as Testing.setupJest() sets them up, and the project's own.
  setupFilesAfterEnv: ["<rootDir>/tools/testing/jest-setup.ts"],
  transform,
  modulePathIgnorePatterns: [
    "<rootDir>/cdktf.out",
    "<rootDir>/.cache",
    "<rootDir>/.trial",
    "<rootDir>/.local",
    "<rootDir>/artifacts",
  ],
});

/** @type {import("jest").Config} */
module.exports = {
  // A team's own tests stand in __tests__/additions/.
  projects: [
    project("unit", ["unit/**/*.test.ts", "additions/**/!(*.slow).test.ts"], {
      runtime: "<rootDir>/__tests__/support/sharing-runtime.js",
    }),
    project("slow", ["slow/**/*.test.ts", "additions/**/*.slow.test.ts"], shared),
    // Where OpenTofu isn't built, or images can't be run, their tests are left out; the closing line's reporter says so.
    project("exhaustive", [`exhaustive/**/${openTofu.isBuilt(__dirname) ? "*" : "!(opentofu)"}.test.ts`], {
      ...shared,
      testPathIgnorePatterns: ["/node_modules/", ...(containerEngine.isLeftOut() ? containerEngine.testPaths : [])],
    }),
  ],
  testSequencer: "<rootDir>/__tests__/support/longest-first.js",
  reporters: ["default", "<rootDir>/__tests__/support/closing-line-reporter.js"],
  // Three more than CPUs of the smallest machine: more than half of a deployment is waiting.
  maxWorkers: 5,
  testTimeout: 30_000,
};
