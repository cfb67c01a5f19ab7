import { join } from "node:path";
import { build } from "esbuild";

/** The Honeycomb stand-in as one file of JavaScript, for its image. */
export async function honeycombProgram(project: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(project, "local", "collector", "honeycomb-server.ts")],
    absWorkingDir: project,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
