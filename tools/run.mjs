/**
 * Runs a TypeScript entry point: `node tools/run.mjs ENTRY.ts [ARGUMENT…]`. Types are the business of `npm run check`.
 *
 * The project's own sources are bundled anew at each run, which takes some 30 ms and can't be stale. The packages they
 * import are bundled once, with V8's compiled code beside, and again as soon as one of their files differs in size or
 * time: one file that is compiled already loads in a quarter of the time of the hundreds that cdktf and the AWS bindings
 * consist of. The bundle is no more than a cache: a damaged one is made anew, and where none can be kept, each run does without.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire, isBuiltin, SourceMap } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import * as zlib from "node:zlib";
import { writeWhole } from "../lib/write-whole.js";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(project, "node_modules", ".cache", "cruddur");

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) refuse("Usage: node tools/run.mjs ENTRY.ts [ARGUMENT...]");
const entryFile = resolve(project, entry);
const projectRequire = createRequire(entryFile);

let esbuild;
let versions;
try {
  esbuild = projectRequire("esbuild");
  versions = projectRequire("compare-versions");
} catch {
  refuse("The dependencies are not installed: run `npm ci` in the project's folder first.");
}
const { node: supported } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")).engines;
if (!versions.satisfies(process.versions.node, supported)) {
  refuse(`Node ${supported} is needed (package.json); this is ${process.versions.node}.`);
}

const target = {
  bundle: true,
  write: false,
  platform: "node",
  target: "node20",
  format: "cjs",
  absWorkingDir: project,
};

/** What makes a bundle of packages the right one: Node, this file, and size and time of each file that went into it. */
function fingerprint(files) {
  const hash = createHash("sha256")
    .update(process.version)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of files) {
    const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

const cacheName = relative(project, entryFile).replace(/\W/g, "-");
const manifestFile = join(cache, `${cacheName}.json`);

/** Against a disk's damage, not against people. V8 doesn't check its compiled code: with a bit flipped, it crashes. */
function checksum(bytes) {
  // zlib.crc32: since Node 20.15, and at half the cost.
  return zlib.crc32?.(bytes) ?? createHash("sha1").update(bytes).digest("hex");
}

function wrapped(code, filename, cachedData) {
  const wrapper = `(function(exports,require,module,__filename,__dirname){${code}\n})`;
  return new Script(wrapper, { filename, cachedData });
}

/** Runs a wrapped module. @returns its exports */
function evaluate(script, filename, require) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, filename, dirname(filename));
  return module.exports;
}

/** The packages that were bundled last for this entry, unless something about them has changed since. */
function cachedPackages() {
  try {
    const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
    if (manifest.project !== project || fingerprint(manifest.files) !== manifest.fingerprint) return undefined;
    const file = join(cache, manifest.bundle);
    const [bundle, compiled] = [readFileSync(file), readFileSync(`${file}.v8`)];
    if (checksum(bundle) !== manifest.checksums[0] || checksum(compiled) !== manifest.checksums[1]) return undefined;
    return evaluate(wrapped(bundle.toString(), file, compiled), file, projectRequire);
  } catch {
    return undefined;
  }
}

function bundlePackages(names) {
  const contents = `module.exports={${names.map((name) => `${JSON.stringify(name)}:()=>require(${JSON.stringify(name)})`)}}`;
  const { outputFiles, metafile } = esbuild.buildSync({
    ...target,
    stdin: { contents, resolveDir: project },
    metafile: true,
    // Its other build is of a kind that hides its own parts from a bundler.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: "error",
    // Tools that bring native code, which no synth loads.
    external: ["esbuild"],
  });
  const [{ text }] = outputFiles;
  const files = Object.keys(metafile.inputs)
    .filter((file) => file !== "<stdin>")
    .map((file) => resolve(project, file));
  const bundle = `${cacheName}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.cjs`;
  const file = join(cache, bundle);
  const script = wrapped(text, file);
  const packages = evaluate(script, file, projectRequire);
  for (const name of names) packages[name]();
  // After running: V8 then keeps the functions that a run needs, too.
  keep(bundle, text, script.createCachedData(), files);
  return packages;
}

/** For the next run. A cache that can't be written costs time, and nothing else. */
function keep(bundle, text, compiled, files) {
  const file = join(cache, bundle);
  try {
    mkdirSync(cache, { recursive: true });
    writeWhole(file, text);
    writeWhole(`${file}.v8`, compiled);
    const checksums = [checksum(Buffer.from(text)), checksum(compiled)];
    writeWhole(manifestFile, JSON.stringify({ project, bundle, checksums, fingerprint: fingerprint(files), files }));
    for (const old of readdirSync(cache)) {
      if (old.startsWith(`${cacheName}-`) && !old.startsWith(bundle)) rmSync(join(cache, old), { force: true });
    }
  } catch {
    // Read-only, full, another user's: the packages are loaded already.
  }
}

/** Positions in the bundle as positions in the sources, for whoever has to mend what threw. */
function withSourcePositions(stack, map) {
  const sources = new SourceMap(JSON.parse(map));
  return stack.replace(
    new RegExp(`${entryFile.replace(/\W/g, "\\$&")}:(\\d+):(\\d+)`, "g"),
    (position, line, column) => {
      const { originalSource, originalLine, originalColumn } = sources.findEntry(line - 1, column - 1);
      return originalSource === undefined ? position : `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
    },
  );
}

function fail(error, map) {
  if (error?.name === "UserError") refuse(`Error: ${error.message}`);
  refuse(error?.stack === undefined ? error : withSourcePositions(error.stack, map));
}

// What packages use of Node's past (cdktf: util.isArray, which Node 24 and later warn of) is nothing that a user can mend.
process.noDeprecation = true;

// cdktf takes a stack trace for every token, by Error.captureStackTrace on a plain object, and formatting them costs a
// third of a big synth. Nothing reads them; those of errors stay.
Error.prepareStackTrace = (error, frames) =>
  error instanceof Error ? [error, ...frames.map((frame) => `    at ${frame}`)].join("\n") : "";

const building = esbuild
  .build({
    ...target,
    entryPoints: [entryFile],
    packages: "external",
    // The one place that knows where the project is (lib/project.ts).
    define: { PROJECT_FOLDER: JSON.stringify(project) },
    metafile: true,
    keepNames: true,
    sourcemap: "external",
    outfile: join(project, basename(entryFile)),
    logLevel: "error",
  })
  // esbuild has told where and why.
  .catch(() => process.exit(1));
// While esbuild, a process of its own, is at it.
let packages = cachedPackages();

const { outputFiles, metafile } = await building;
const names = Object.values(metafile.outputs)
  .flatMap(({ imports }) => imports)
  .filter(({ path, external }) => external && !isBuiltin(path))
  .map(({ path }) => path);
if (packages === undefined || !names.every((name) => name in packages))
  packages = bundlePackages([...new Set(names)].sort());
// A server that runs for hours needs no compiler beside it. Bundling packages has started a second one.
esbuild.stop();

const [map, code] = outputFiles.map(({ text }) => text);
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => fail(error, map));
process.argv = [process.argv[0], entryFile, ...rest];
try {
  evaluate(wrapped(code, entryFile), entryFile, (name) => (name in packages ? packages[name]() : projectRequire(name)));
} catch (error) {
  fail(error, map);
}
