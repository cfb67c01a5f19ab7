/**
 * The stack `images`, applied by the real Docker provider: `node tools/run.mjs tools/try-images-stack.ts`, where Terraform can
 * download it. Needs podman and docker-registry; builds images FROM scratch, in a folder of its own, and touches no AWS account.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { podmanEnvironment } from "../__tests__/support/images/podman";
import { untilAsync } from "../__tests__/support/processes";
import { freePort } from "../lib/free-port";
import { project } from "../lib/project";
import { runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";
import { startLocalAws } from "../local/aws";
import { tfVariables } from "../local/trial/sample-variables";
import { plannedChanges } from "../terraform/plan-changes";
import { Terraform } from "../terraform/terraform";
import { cloneProject } from "./clone-project";

const folder = mkdtempSync(join(tmpdir(), "images-stack-"));
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
let failed = 0;

function tell(what: string, expected: unknown, seen: unknown): void {
  const isRight = JSON.stringify(expected) === JSON.stringify(seen);
  if (!isRight) failed += 1;
  console.log(
    `${isRight ? "ok  " : "FAIL"} ${what}: ${JSON.stringify(seen)}${isRight ? "" : `, not ${JSON.stringify(expected)}`}`,
  );
}

function start(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): void {
  const child = spawn(command, args, { env: environment, stdio: "ignore" });
  ends.push(() => child.kill("SIGTERM"));
}

/** A registry without TLS and login. @returns its host */
async function startPlainRegistry(): Promise<string> {
  const port = await freePort();
  const configuration = join(folder, "registry.json");
  const storage = { filesystem: { rootdirectory: join(folder, "registry") } };
  writeFileSync(configuration, JSON.stringify({ version: 0.1, storage, http: { addr: `127.0.0.1:${port}` } }));
  start("docker-registry", ["serve", configuration]);
  const answers = async () => (await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined))?.status === 200;
  await untilAsync(answers, "docker-registry");
  return `localhost:${port}`;
}

/** An engine with a storage of its own. @returns its socket's address, and its environment */
async function startEngine(name: string, registry: string): Promise<{ host: string; environment: NodeJS.ProcessEnv }> {
  const socket = join(folder, `${name}.sock`);
  const own = podmanEnvironment(join(folder, name), { registries: { [registry]: registry } });
  const environment = { ...process.env, ...own };
  start("podman", ["system", "service", "--time=0", `unix://${socket}`], environment);
  await untilAsync(async () => existsSync(socket), "podman's socket");
  return { host: `unix://${socket}`, environment };
}

async function main(): Promise<void> {
  const registry = await startPlainRegistry();
  const [first, second] = [await startEngine("one", registry), await startEngine("two", registry)];
  const aws = await startLocalAws({ project });
  ends.push(() => aws.stop());
  const clone = cloneProject(project);
  ends.push(() => clone.remove());
  for (const image of ["authz", "envoy", "otel-collector", "backend", "frontend"]) {
    mkdirSync(join(clone.folder, image), { recursive: true });
    writeFileSync(join(clone.folder, image, "Dockerfile"), `FROM scratch\nCOPY . /${image}\n`);
  }
  const base = `${registry}/python:3.10`;
  for (const args of [
    ["build", "--tag", base, join(clone.folder, "backend")],
    ["push", base],
  ]) {
    const { exitCode, stderr } = await runProcess("podman", args, { environment: first.environment });
    if (exitCode !== 0) throw new UserError(`podman ${args[0]} failed: ${stderr.trim()}`);
  }

  const synthesize = async (dockerHost: string) => {
    const settings = {
      CRUDDUR_IMAGES_ENABLED: "true",
      CRUDDUR_IMAGES_REGISTRY: `http://${registry}`,
      CRUDDUR_IMAGES_DOCKER_HOST: dockerHost,
      CRUDDUR_IMAGES_PYTHON_BASE: base,
      CRUDDUR_IMAGES_BACKEND_FLASK: "backend",
      CRUDDUR_IMAGES_FRONTEND: "frontend",
    };
    const { exitCode, stderr } = await runProcess(process.execPath, ["tools/run.mjs", "main.ts"], {
      cwd: clone.folder,
      environment: { ...process.env, ...settings },
    });
    if (exitCode !== 0) throw new UserError(stderr.trim());
  };
  await synthesize(first.host);
  // What the stack doesn't read isn't given.
  const variables = tfVariables({
    cruddur_dns_name: "cruddur.example.com",
    cognito_user_pool_id: "us-east-1_AbCdEf123",
    cognito_user_pool_client_id: "client1",
  });
  const stack = new Terraform(join(clone.folder, "cdktf.out", "stacks", "images"), {
    environment: { ...aws.environment, ...variables, HOME: folder },
  });
  await stack.init();
  const changed = async () =>
    plannedChanges(await stack.plan()).map(({ address, actions }) => `${actions.join(" ")} ${address}`);
  const images = async () => (await changed()).filter((line) => line.includes("docker_image.")).length;
  const tags = async (repository: string) =>
    ((await (await fetch(`http://${registry}/v2/${repository}/tags/list`)).json()) as { tags?: string[] }).tags
      ?.length ?? 0;

  await stack.apply();
  tell("tags of backend-flask after the first apply", 2, await tags("backend-flask"));
  await synthesize(first.host);
  tell("changes of a second plan, after a synth", [], await changed());
  appendFileSync(join(clone.folder, "backend", "file"), "changed");
  await synthesize(first.host);
  tell("images that one changed file changes", 1, await images());
  await stack.apply();
  tell("tags of backend-flask after that", 3, await tags("backend-flask"));

  await synthesize(second.host);
  tell("images that another engine builds or pulls", 6, await images());
  await stack.apply();
  tell("changes after an apply with it", [], await changed());

  // The registry loses what it has, and an engine too: everything is made and pushed again.
  rmSync(join(folder, "registry", "docker", "registry", "v2", "repositories", "envoy"), { recursive: true });
  await runProcess("podman", ["rmi", "--all", "--force"], { environment: second.environment });
  await stack.apply();
  tell("tags of envoy after registry and engine have lost them", 2, await tags("envoy"));
  tell("changes after that", [], await changed());
}

main()
  .catch((error: unknown) => {
    failed += 1;
    console.error(`Error: ${error instanceof Error ? error.message : error}`);
  })
  .finally(async () => {
    for (const end of ends.reverse()) await end();
    process.exitCode = failed === 0 ? 0 : 1;
  });
