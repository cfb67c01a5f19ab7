/**
 * What the stack `images` declares, done over the Docker API as its provider does it, with podman as the engine: the provider
 * itself can't be had where the Terraform registry isn't reached.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizeStacks } from "../../../stacks/synthesize";
import { defaultSettings } from "../../../tools/testing";
import { podmanEnvironment } from "../../support/images/podman";
import { type Registry, startRegistry } from "../../support/images/registry";
import { until } from "../../support/processes";
import { project } from "../../support/project";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "docker-api-"));
const socket = join(folder, "podman.sock");
const password = "a-token-of-ecr";
let registry: Registry;
let stopEngine: () => Promise<void>;

beforeAll(async () => {
  registry = await startRegistry(join(folder, "registry"), password);
  const environment = podmanEnvironment(join(folder, "podman"), { registries: { [registry.host]: registry.host } });
  const engine = spawn("podman", ["system", "service", "--time=0", `unix://${socket}`], {
    env: { ...process.env, ...environment },
    stdio: "ignore",
  });
  const end = new Promise<void>((resolve) => engine.once("exit", () => resolve()));
  stopEngine = async () => {
    engine.kill("SIGTERM");
    await end;
  };
  await until(() => existsSync(socket), "podman's socket");
}, minute);

afterAll(async () => {
  await stopEngine?.();
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function call(path: string, body: Buffer, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, method: "POST", path: `/v1.41${path}`, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        (response.statusCode ?? 500) < 300 && !text.includes('"error"') ? resolve(text) : reject(new Error(text)),
      );
    });
    sent.on("error", reject).end(body);
  });
}

/** URL-safe base64 with its padding. https://docs.docker.com/reference/api/engine/version/v1.41/#section/Authentication */
function registryAuth(login: object): string {
  return Buffer.from(JSON.stringify(login)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

test(
  "the staged context is built under its hash, pushed, tagged with the deployed tag, and pushed again",
  async () => {
    const context = join(folder, "backend-flask");
    mkdirSync(context);
    writeFileSync(join(context, "Dockerfile"), "FROM scratch\nCOPY app /app\n");
    writeFileSync(join(context, "app"), "1");
    const settings = defaultSettings({ images: { enabled: true, backendFlask: context, registry: registry.host } });
    const stack = synthesizeStacks(project, settings, join(folder, "cdktf.out")).find(({ id }) => id === "images");
    const { docker_image, docker_tag } = JSON.parse(
      readFileSync(join(stack?.folder ?? "", "cdk.tf.json"), "utf8"),
    ).resource;
    const { name, build } = docker_image.backend_flask;

    const archive = execFileSync("tar", ["-C", join(stack?.folder ?? "", build.context), "-cf", "-", "."]);
    const query = new URLSearchParams({ t: name, dockerfile: build.dockerfile, platform: build.platform });
    await call(`/build?${query}`, archive, { "content-type": "application/x-tar" });
    const login = { username: "AWS", password, serveraddress: registry.host };
    const headers = { "x-registry-auth": registryAuth(login) };
    const push = (image: string, more = headers) => {
      const colon = image.lastIndexOf(":");
      return call(`/images/${image.slice(0, colon)}/push?tag=${image.slice(colon + 1)}`, Buffer.alloc(0), more);
    };
    const wrong = registryAuth({ ...login, password: "wrong" });
    await expect(push(name, { "x-registry-auth": wrong })).rejects.toThrow(/unauthorized|authentication/i);
    await push(name);
    const target = docker_tag.backend_flask.target_image;
    const movingTag = target.slice(target.lastIndexOf(":") + 1);
    await call(
      `/images/${name}/tag?${new URLSearchParams({ repo: target.slice(0, target.lastIndexOf(":")), tag: movingTag })}`,
      Buffer.alloc(0),
    );
    await push(target);

    const tag = name.slice(name.lastIndexOf(":") + 1);
    expect(await registry.tags("backend-flask")).toEqual([tag, "latest"].sort());
    expect(await registry.digest("backend-flask", "latest")).toBe(await registry.digest("backend-flask", tag));
  },
  minute,
);
