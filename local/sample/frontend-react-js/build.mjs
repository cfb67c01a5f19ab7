/** The bundle, with the variables that the image's build writes, and names with a hash below static/. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const variables = [".env.production.local"]
  .filter((file) => existsSync(file))
  .flatMap((file) => readFileSync(file, "utf8").split("\n"))
  .filter((line) => line.startsWith("REACT_APP_"))
  .map((line) => line.split(/=(.*)/));

rmSync("build", { recursive: true, force: true });
cpSync("public", "build", { recursive: true });
const { metafile } = await build({
  entryPoints: ["src/main.ts"],
  outdir: "build/static",
  entryNames: "[name].[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  define: Object.fromEntries(variables.map(([name, value]) => [`process.env.${name}`, JSON.stringify(value)])),
});
const [script] = Object.keys(metafile.outputs).map((file) => basename(file));
const page = readFileSync("build/index.html", "utf8");
writeFileSync("build/index.html", page.replace("</head>", `<script defer src="/static/${script}"></script></head>`));
