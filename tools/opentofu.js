/** Where OpenTofu is, if it was built here: `node tools/run.mjs tools/build-opentofu.ts`. */
const { createHash } = require("node:crypto");
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** @param {string} project the folder of the project */
const modules = (project) => join(project, "tools", "tofu");

/**
 * The path of the binary for these modules, there or not.
 * @param {string} project the folder of the project
 */
function openTofu(project) {
  const hash = createHash("sha256");
  for (const name of ["go.mod", "go.sum"]) hash.update(readFileSync(join(modules(project), name)));
  return join(project, ".cache", "tofu", hash.digest("hex").slice(0, 12), "tofu");
}

/** @param {string} project the folder of the project */
const isBuilt = (project) => existsSync(openTofu(project));

module.exports = { modules, openTofu, isBuilt };
