/**
 * Bundles a TypeScript entry point and runs it in this process: `node tools/run.mjs ENTRY.ts [ARGUMENT…]`.
 *
 * Bundling anew each time costs a fifth of a second and makes a stale bundle impossible; one file loads faster than the
 * hundreds that `cdktf` and the AWS bindings consist of. Types are the business of `npm run check`.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const wanted = [20, 9];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(`Node ${wanted.join(".")} or later is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("Usage: node tools/run.mjs ENTRY.ts [ARGUMENT...]");
  process.exit(1);
}
const entryFile = resolve(project, entry);
const require = createRequire(entryFile);

let esbuild;
try {
  esbuild = require("esbuild");
} catch {
  console.error("The dependencies are not installed: run `npm ci` in the project's folder first.");
  process.exit(1);
}

// Beside the sources in spirit: `require` of what stays outside the bundle must find the project's node_modules.
const folder = join(project, "node_modules", ".cache", "cruddur");
const bundle = join(folder, `${basename(entry, ".ts")}-${process.pid}.cjs`);
let outputFiles;
try {
  ({ outputFiles } = esbuild.buildSync({
    entryPoints: [entryFile],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    keepNames: true,
    logLevel: "error",
    // Tools that start child processes or load native code; never part of a synth.
    external: ["esbuild", "jest", "@jest/*", "jsii*"],
  }));
} catch {
  // esbuild has told where and why.
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
writeFileSync(bundle, outputFiles[0].text);
process.on("exit", () => rmSync(bundle, { force: true }));

function fail(error) {
  console.error(error?.name === "UserError" ? `Error: ${error.message}` : error);
  process.exit(1);
}
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.argv = [process.argv[0], entryFile, ...rest];
require(bundle);
