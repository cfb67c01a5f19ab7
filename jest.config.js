const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
  ],
};
const project = (displayName) => ({
  displayName,
  testMatch: [`<rootDir>/__tests__/${displayName}/**/*.test.ts`],
  testEnvironment: "node",
  transform,
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.cache", "<rootDir>/.trial", "<rootDir>/artifacts"],
});

/** @type {import("jest").Config} */
module.exports = {
  projects: [project("unit"), project("slow")],
  reporters: ["default", "<rootDir>/__tests__/support/closing-line-reporter.js"],
  // Each slow test has a Terraform, providers and a moto of its own; more of them at once than CPUs make time-outs.
  maxWorkers: 2,
  testTimeout: 30_000,
};
