/**
 * Renames the imports of cdktf and its AWS bindings to those of CDK Terrain: `node tools/rename-imports.mjs [FOLDER]`. Prints the
 * files that it has changed. Imports of what CDK Terrain has no package for stay.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [root = ".", ...rest] = process.argv.slice(2);
if (rest.length > 0 || root.startsWith("-")) {
  console.log(
    "Usage: node tools/rename-imports.mjs [FOLDER]\nRenames imports of cdktf and @cdktf/provider-aws to cdktn's.",
  );
  process.exit(root === "--help" || root === "-h" ? 0 : 1);
}
if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
  console.error(`Error: there is no folder "${root}": give the project's.`);
  process.exit(1);
}

const notSources = /^(\..*|node_modules|cdktf\.out|artifacts|frontend)$/;
/** After `from`, `import`, `import(` and `require(`. */
const specifier = /(\b(?:from|import|require)\s*\(?\s*["'])(cdktf(?=["'/])|@cdktf\/provider-aws(?=["'/]))/g;
const names = { cdktf: "cdktn", "@cdktf/provider-aws": "@cdktn/provider-aws" };

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notSources.test(entry.name) ? [] : sources(path);
    return /\.[cm]?[jt]s$/.test(entry.name) ? [path] : [];
  });
}

let lines = 0;
let files = 0;
for (const file of sources(root)) {
  const text = readFileSync(file, "utf8");
  const renamed = text.replace(specifier, (_, before, name) => {
    lines += 1;
    return before + names[name];
  });
  if (renamed === text) continue;
  writeFileSync(file, renamed);
  files += 1;
  console.log(file);
}
console.log(`${lines} imports renamed in ${files} files.`);
