/** A real nginx on this machine, with the frontend's configuration. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "../../lib/free-port";
import { type RunResult, runProcess } from "../../lib/run-process";
import { until } from "./processes";
import { project } from "./project";

const image = join(project, "frontend", "image");

/** Runs the image's check and configuration in a folder, as its build does. */
export function configure(folder: string, buildArguments: Readonly<Record<string, string>>): Promise<RunResult> {
  const args = [join(image, "configure.mjs"), join(image, "nginx.conf.template"), join(folder, "nginx.conf")];
  return runProcess(process.execPath, args, {
    cwd: folder,
    environment: { PATH: process.env.PATH, ...buildArguments },
  });
}

export interface LocalNginx {
  readonly url: string;
  readonly folder: string;
  /** What it has written so far: access log and errors. */
  readonly output: () => string;
  stop(): Promise<void>;
}

/**
 * The configuration as it is but for port, root, temporary files and the log, which are this machine's. The standard output
 * of a child of Node is a socket, which nothing can open by name.
 */
export function onThisMachine(configuration: string, folder: string, port: number): string {
  return configuration
    .replaceAll(" /tmp/", ` ${folder}/`)
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("root /usr/share/nginx/html;", `root ${join(folder, "html")};`)
    .replace("access_log /dev/stdout", `access_log ${join(folder, "access.log")}`);
}

/**
 * @param files of the site, by their path
 * @returns when it listens
 */
export async function startNginx(
  files: Readonly<Record<string, string>>,
  buildArguments: Readonly<Record<string, string>>,
): Promise<LocalNginx> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const { exitCode, stderr } = await configure(folder, buildArguments);
  if (exitCode !== 0) throw new Error(stderr);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "html", path)), { recursive: true });
    writeFileSync(join(folder, "html", path), content);
  }
  return startConfigured(folder, readFileSync(join(folder, "nginx.conf"), "utf8"));
}

/**
 * @param folder has the site below html/, and goes when nginx is stopped
 * @returns when it listens
 */
export async function startConfigured(folder: string, configuration: string): Promise<LocalNginx> {
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, onThisMachine(configuration, folder, port));
  const child = spawn("nginx", ["-p", folder, "-c", file, "-g", "daemon off; master_process off;"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (written += chunk));
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    child.kill("SIGQUIT");
    const timer = setTimeout(kill, 5_000);
    await exited;
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  let answers = false;
  const asking = setInterval(
    () =>
      fetch(url).then(
        () => (answers = true),
        () => {},
      ),
    50,
  );
  try {
    await until(() => answers || child.exitCode !== null, "nginx to answer", 20_000);
  } finally {
    clearInterval(asking);
  }
  if (!answers) {
    await stop();
    throw new Error(`nginx did not start: ${written}`);
  }
  return { url, folder, output: () => readFileSync(join(folder, "access.log"), "utf8") + written, stop };
}
