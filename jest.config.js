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
  // The slow tests wait for Terraform and moto more than they compute.
  maxWorkers: 3,
  testTimeout: 30_000,
};
