/**
 * The project's images, built by its own commands from a checkout of somebody with a strict umask, and run as Fargate runs them and
 * with less: their Dockerfiles' base images are Debian's packages here (support/engine/bases.ts).
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cachedTokens } from "../../../envoy/jwt-authn";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { UserPool } from "../../../local/cognito/user-pool";
import { RecordingBackend } from "../../../local/envoy/recording-backend";
import { servicesOf } from "../../../services";
import { publishedEndpoint } from "../../../services/definition";
import { hosts, ports } from "../../../services/names";
import { authorizations, claimedHeaders } from "../../support/authorizations";
import { documentedRows, documentedTable } from "../../support/documented-tables";
import { baseImages } from "../../support/engine/bases";
import { type Container, hardened, readOnly, runContainer, untilHealthy } from "../../support/engine/containers";
import { type Engine, startEngine } from "../../support/engine/engine";
import { restrictedContainers, restrictionsOf } from "../../support/engine/task-restrictions";
import { type Registry, startRegistry } from "../../support/images/registry";
import { untilAsync } from "../../support/processes";
import { project } from "../../support/project";
import { type RawRequest, send } from "../../support/raw-http";
import { outcome } from "../../support/request-path";

const minute = 60_000;
const network = "path";
const folder = mkdtempSync(join(tmpdir(), "images-"));
const jwks = join(folder, "jwks", "jwks.json");
const pool = new UserPool();
const containers = servicesOf({ authz: true }).flatMap((service) => service.containers);
/** What the container of a task has, by its image. */
const defined = (repository: string) => {
  const found = containers.find(({ image }) => image.repository === repository);
  if (found === undefined) throw new Error(`No container runs ${repository}`);
  return found;
};
let engine: Engine;
let registry: Registry;
let environment: NodeJS.ProcessEnv;
/** Of this machine, in the network. */
let gateway: string;
/** What build-push wrote, by repository. */
const built = new Map<string, RunResult>();
const imageOf = (repository: string, tag = defined(repository).image.tag ?? "latest") =>
  `${registry.host}/${repository}:${tag}`;

/** As whoever's files nobody else may read. */
function privately(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return runProcess("sh", ["-c", 'umask 077; exec "$0" "$@"', command, ...args], {
    cwd: folder,
    environment: { ...environment, ...more },
  });
}

/** A frontend as the image needs one, with an nginx.conf of its own and the image's files, as docs/frontend.md says. */
function frontendCheckout(): string {
  const app = join(folder, "frontend-react-js");
  const about = { name: "tried", version: "1.0.0", scripts: { build: "cp -R public build" } };
  const files = {
    "package.json": JSON.stringify(about),
    "package-lock.json": JSON.stringify({ ...about, lockfileVersion: 3, requires: true, packages: { "": about } }),
    "nginx.conf": "The app's own",
    "public/index.html": '<!doctype html><title>Cruddur</title><script src="/static/main.js"></script>',
    "public/static/main.js": "",
    // More than a socket takes at once.
    "public/film.bin": "x".repeat(24_000_000),
  };
  mkdirSync(join(app, "public", "static"), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(app, path), text);
  cpSync(join(project, "frontend", "image"), app, { recursive: true });
  execFileSync("chmod", ["--recursive", "go=", app]);
  return app;
}

async function buildPush(repository: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> {
  const result = await privately(join(project, "bin", "build-push"), [repository, ...args], more);
  if (result.exitCode !== 0) throw new Error(result.stderr);
  built.set(repository, result);
}

beforeAll(async () => {
  registry = await startRegistry(join(folder, "registry"), "secret");
  engine = await startEngine({
    imageStores: [await baseImages()],
    registries: [registry.host],
    folder: join(folder, "engine"),
  });
  environment = {
    ...engine.environment,
    DOCKER: "podman",
    AWS_REGION: "eu-central-1",
    CRUDDUR_IMAGES_REGISTRY: registry.host,
    TF_VAR_cruddur_dns_name: "cruddur.example.com",
    TF_VAR_cognito_user_pool_id: pool.userPoolId,
    TF_VAR_cognito_user_pool_client_id: pool.clientId,
  };
  const login = await runProcess("podman", ["login", "--username=AWS", "--password-stdin", registry.host], {
    environment,
    input: "secret",
  });
  if (login.exitCode !== 0) throw new Error(login.stderr);
  await engine.podman("network", "create", network);
  gateway = JSON.parse(await engine.podman("network", "inspect", network))[0].subnets[0].gateway;
  mkdirSync(join(folder, "jwks"));
  writeFileSync(jwks, JSON.stringify(pool.jwks()));
  for (const path of [folder, join(folder, "jwks")]) chmodSync(path, 0o755);

  await buildPush("authz", []);
  await buildPush("envoy", []);
  await buildPush("otel-collector", []);
  await buildPush("frontend-react-js", ["--context", frontendCheckout()]);
  await buildPush("envoy", ["--tag", "local-backend"], { CRUDDUR_HARDENING_STEPS_LOCAL_BACKEND: "true" });
  await buildPush("envoy", ["--tag", "jwt_authn"], {
    CRUDDUR_AUTHZ: "false",
    CRUDDUR_IMAGES_USER_POOL_ID: pool.userPoolId,
    CRUDDUR_IMAGES_USER_POOL_CLIENT_ID: pool.clientId,
  });
}, 25 * minute);

afterAll(async () => {
  await engine?.stop();
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
}, minute);

/** What each needs to run, and how it tells that it is well. */
const secrets = [
  ...["--env", `AWS_COGNITO_USER_POOL_ID=${pool.userPoolId}`],
  ...["--env", `AWS_COGNITO_USER_POOL_CLIENT_ID=${pool.clientId}`],
  ...["--env", "JWKS=/jwks/jwks.json", "--volume", `${join(folder, "jwks")}:/jwks:ro`],
];
const origins = ["HTTPS_FRONTEND_URL=https://cruddur.example.com", "HTTP_FRONTEND_URL=http://cruddur.example.com"];
const images: Readonly<
  Record<string, { readonly user: string; readonly port: number; readonly options?: readonly string[] }>
> = {
  authz: { user: "1000", port: ports.authz, options: secrets },
  envoy: { user: "101", port: ports.envoy },
  "otel-collector": {
    user: "10001",
    port: ports.otelHealthCheck,
    options: [...origins, "HONEYCOMB_API_KEY=key"].flatMap((variable) => ["--env", variable]),
  },
  "frontend-react-js": { user: "101", port: ports.frontend },
};

/** As the task definition's check sees it; the collector, which has no program for one, as the load balancer's does. */
function isWell(repository: string, container: Container): () => Promise<boolean> {
  const command = defined(repository).healthCheckCommand;
  if (command !== undefined) return async () => (await container.check(command)) === 0;
  return async () => (await send(container.port, { path: "/" }).catch(() => undefined))?.status === 200;
}

function start(repository: string, more: readonly string[] = [], image = imageOf(repository)): Promise<Container> {
  const { port, options = [] } = images[repository] ?? { port: 0 };
  return runContainer(engine, image, { network, port, options: [...options, ...more] });
}

async function startWell(repository: string, more: readonly string[] = [], image?: string): Promise<Container> {
  const container = await start(repository, more, image);
  await untilHealthy(container, isWell(repository, container));
  return container;
}

/**
 * Without new privileges a process gets none of a file's capability: it may listen on port 80 by the kernel's setting then, which
 * Docker gives every container.
 */
const given = (repository: string) =>
  repository === "frontend-react-js"
    ? ["--cap-add=NET_BIND_SERVICE", "--sysctl=net.ipv4.ip_unprivileged_port_start=0"]
    : [];

describe.each(Object.keys(images))("%s", (repository) => {
  const { user } = images[repository] ?? {};

  test(
    "as deployed: runs as its own user, and the health check of the task definition succeeds",
    async () => {
      const container = await startWell(repository);
      expect(container.status("Uid")).toBe([user, user, user, user].join("\t"));
      expect(await engine.podman("image", "inspect", "--format", "{{.Config.User}}", imageOf(repository))).toMatch(
        new RegExp(`^${user}(:|$)`),
      );
      await container.remove();
    },
    minute,
  );

  // nginx needs a /tmp, below.
  const roots = Object.entries(readOnly).slice(0, repository === "frontend-react-js" ? 1 : undefined);
  test.each(roots)(
    "hardened, on a read-only root %s",
    async (_how, options) => {
      const container = await startWell(repository, [...options, ...hardened, ...given(repository)]);
      expect(container.status("NoNewPrivs")).toBe("1");
      expect(await container.logs()).not.toMatch(/read-only file system|cannot create/i);
      expect((await container.stop()).exitCode).toBe(0);
      await container.remove();
    },
    minute,
  );
});

/** Half a request, which the other half makes whole later. */
async function halfSent(port: number, head: string): Promise<{ finish(rest: string): Promise<string> }> {
  const socket = connect(port, "127.0.0.1");
  socket.setEncoding("latin1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk));
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  return {
    finish: async (rest) => {
      socket.write(rest);
      await ended;
      return answer;
    },
  };
}

const endOfListening = (port: number) =>
  untilAsync(
    () =>
      send(port).then(
        () => false,
        () => true,
      ),
    "the end of listening",
    25_000,
  );

describe("SIGTERM while a request is under way", () => {
  test(
    "the authorizer answers it, and ends by itself",
    async () => {
      const authz = await startWell("authz");
      const request = await halfSent(authz.port, "GET /health-check HTTP/1.1\r\nhost: authz\r\n");
      const stopping = authz.stop();
      await untilAsync(async () => (await authz.logs()).includes('"draining"'), "the signal in the log");
      expect(await request.finish("connection: close\r\n\r\n")).toMatch(/^HTTP\/1.1 (200|503) /);
      expect(await stopping).toEqual({ exitCode: 0, milliseconds: expect.any(Number) });
      expect((await stopping).milliseconds).toBeLessThan(30_000);
      await authz.remove();
    },
    minute,
  );

  test(
    "nginx sends the rest of a file, and ends by itself",
    async () => {
      const frontend = await startWell("frontend-react-js");
      const response = await new Promise<IncomingMessage>((resolve, reject) =>
        get({ port: frontend.port, path: "/film.bin", agent: false }, resolve).on("error", reject),
      );
      // Nobody reads it yet.
      response.pause();
      const stopping = frontend.stop();
      await endOfListening(frontend.port);
      let size = 0;
      for await (const chunk of response) size += chunk.length;
      expect(size).toBe(24_000_000);
      expect((await stopping).exitCode).toBe(0);
      expect((await stopping).milliseconds).toBeLessThan(30_000);
      await frontend.remove();
    },
    minute,
  );

  test(
    "the collector takes it, and ends by itself",
    async () => {
      const collector = await runContainer(engine, imageOf("otel-collector"), {
        network,
        port: ports.otlpHttp,
        options: images["otel-collector"]?.options,
      });
      const post = "POST /v1/traces HTTP/1.1\r\nhost: collector\r\ncontent-type: application/json\r\n";
      await untilAsync(
        async () => (await send(collector.port, { path: "/" }).catch(() => undefined)) !== undefined,
        "it",
      );
      const request = await halfSent(
        collector.port,
        `${post}connection: close\r\ncontent-length: 20\r\n\r\n{"resource`,
      );
      const stopping = collector.stop();
      await endOfListening(collector.port);
      expect(await request.finish('Spans":[]}'.slice(0, 10))).toMatch(/^HTTP\/1.1 200 /);
      expect((await stopping).exitCode).toBe(0);
      expect((await stopping).milliseconds).toBeLessThan(30_000);
      await collector.remove();
    },
    minute,
  );
});

const host = (service: string, address: string) => `--add-host=${service}:${address}`;

function endpointOf(repository: string): string {
  const [port] = defined(repository).ports;
  if (port === undefined) throw new Error(`${repository} has no port`);
  return publishedEndpoint(port).host;
}

/** @param ask what becomes of a request */
async function expectDocumented(ask: (request: RawRequest) => Promise<string>): Promise<void> {
  const known = authorizations(pool);
  const [claimed = []] = Object.values(claimedHeaders);
  const rows = documentedTable("Who a request is from");
  expect(rows.size).toBeGreaterThan(20);
  for (const [name, [read, write]] of rows) {
    const { headers = [], query = "" } = known[name] ?? {};
    const path = `/api/activities/home${query}`;
    expect([name, await ask({ path, headers })]).toEqual([name, read]);
    expect([name, await ask({ method: "POST", path, headers: [...headers, ...claimed] })]).toEqual([name, write]);
  }
}

describe("as the task definitions of hardening level 3 have it", () => {
  const restricted = restrictedContainers();
  const options = async (repository: string, image = imageOf(repository)) => {
    const container = restricted.get(defined(repository).name);
    if (container === undefined) throw new Error(`No task definition has ${repository}`);
    return await restrictionsOf(container, engine, image);
  };

  test.each(Object.keys(images))(
    "%s runs, is well, writes nowhere else, and ends by itself",
    async (repository) => {
      const container = await startWell(repository, await options(repository));
      const kept = repository === "frontend-react-js" ? 1 << 10 : 0;
      expect(Number.parseInt(container.status("CapBnd"), 16)).toBe(kept);
      expect(container.status("Uid").split("\t")[0]).toBe(restricted.get(defined(repository).name)?.user);
      expect(await container.logs()).not.toMatch(/read-only file system|cannot create|permission denied/i);
      expect((await container.stop()).exitCode).toBe(0);
      await container.remove();
    },
    minute,
  );

  test(
    "who a request is from: each row of the table, with the app within Envoy's task",
    async () => {
      const backend = new RecordingBackend();
      await backend.start(ports.backend, gateway);
      const authz = await startWell("authz", await options("authz"));
      const image = imageOf("envoy", "local-backend");
      const more = [host(endpointOf("authz"), authz.address), ...(await options("envoy", image))];
      const envoy = await startWell("envoy", more, image);
      // In the place of the app: what is sent to its port goes on to the recording one.
      const forward = `require("node:net").createServer((from) => from.pipe(require("node:net").connect(${ports.backend}, "${gateway}")).pipe(from)).listen(${ports.backend}, "127.0.0.1")`;
      const within = ["--network", `container:${envoy.name}`, "--entrypoint", "node", imageOf("authz"), "-e", forward];
      await engine.podman("run", "--detach", "--name", "app-in-task", ...within);
      const ask = async (request: RawRequest) => {
        const before = backend.seen.length;
        return outcome({ ...(await send(envoy.port, request)), seen: backend.seen.slice(before) });
      };
      try {
        await untilAsync(async () => (await ask({})) === "200 nobody", "a request to reach the app");
        await expectDocumented(ask);
      } finally {
        await engine.podman("rm", "--force", "--time", "0", "app-in-task");
        for (const one of [envoy, authz]) await one.remove();
        await backend.stop();
      }
    },
    2 * minute,
  );
});

describe("the request path in a network", () => {
  const backend = new RecordingBackend();
  let authz: Container;
  let envoy: Container;
  const ask = async (request: RawRequest) => {
    const before = backend.seen.length;
    return outcome({ ...(await send(envoy.port, request)), seen: backend.seen.slice(before) });
  };
  const startEnvoy = (more: readonly string[] = [], image?: string) =>
    startWell(
      "envoy",
      [host(endpointOf("authz"), authz.address), host(endpointOf("backend-flask"), gateway), ...more],
      image,
    );

  beforeAll(async () => {
    authz = await startWell("authz", [...readOnly["without any"], ...hardened]);
    await backend.start(ports.backend, gateway);
    envoy = await startEnvoy([...readOnly["without any"], ...hardened]);
    await untilAsync(async () => (await ask({})) === "200 nobody", "a request to reach the app");
  }, minute);
  afterAll(async () => {
    await backend.stop().catch(() => {});
    for (const one of [envoy, authz]) await one?.remove();
  }, minute);

  test(
    "who a request is from: each row of the table, and no claim of a client changes it",
    () => expectDocumented(ask),
    minute,
  );

  test(
    "SIGTERM while a request is under way: Envoy hands on the answer, and ends by itself",
    async () => {
      const other = await startEnvoy([...readOnly["without any"], ...hardened]);
      backend.answer = ({ url }, response) =>
        void setTimeout(() => response.end("late"), url?.includes("slow") ? 12_000 : 0);
      const slow = send(other.port, { path: "/api/slow" });
      await untilAsync(
        async () => backend.seen.some(({ url }) => url.includes("slow")),
        "the request to reach the app",
      );
      const stopping = other.stop();
      // No longer than the drain takes connections.
      await untilAsync(async () => (await send(other.port, { path: "/api/health-check" })).status === 503, "a drain");
      expect([(await slow).status, (await slow).body]).toEqual([200, "late"]);
      expect((await stopping).exitCode).toBe(0);
      expect((await stopping).milliseconds).toBeGreaterThan(10_000);
      expect((await stopping).milliseconds).toBeLessThan(30_000);
      expect(await other.logs()).not.toMatch(/entrypoint\.sh/);
      backend.answer = (_request, response) => void response.end("ok");
      await other.remove();
    },
    minute,
  );

  test(
    "verifying by itself, with several threads and no place to write, Envoy divides its cache among them",
    async () => {
      const options = [...readOnly["without any"], ...hardened, "--env=ENVOY_CONCURRENCY=2"];
      const other = await startEnvoy(options, imageOf("envoy", "jwt_authn"));
      const info = await engine.podman(
        "exec",
        other.name,
        "curl",
        "-s",
        `http://localhost:${ports.envoyAdmin}/server_info`,
      );
      const { concurrency, config_yaml: used } = JSON.parse(info).command_line_options;
      expect([concurrency, /jwt_cache_size: (\d+)/.exec(used)?.[1]]).toEqual([2, String(cachedTokens / 2)]);
      expect(await send(other.port, { method: "POST" })).toMatchObject({ status: 401 });
      await other.remove();
    },
    minute,
  );

  test(
    "without the authorizer: as the table says",
    async () => {
      const valid = authorizations(pool).valid?.headers;
      expect((await authz.stop()).exitCode).toBe(0);
      const [get = "", getValid = "", postValid = "", post = "", check = ""] =
        documentedTable("When something fails").get("ext_authz: the authorizer is down") ?? [];
      expect(await ask({})).toBe(get);
      expect(await ask({ headers: valid })).toBe(getValid);
      expect(await ask({ method: "POST", headers: valid })).toBe(postValid);
      expect(await ask({ method: "POST" })).toBe(post);
      expect(await ask({ path: "/api/health-check", headers: valid })).toBe(check);
    },
    minute,
  );
});

describe("the frontend", () => {
  test(
    "without any capability but the one that docs/frontend.md names, it listens on port 80",
    async () => {
      const frontend = await startWell("frontend-react-js", ["--cap-drop=all", "--cap-add=NET_BIND_SERVICE"]);
      expect(Number.parseInt(frontend.status("CapBnd"), 16)).toBe(1 << 10);
      await frontend.remove();
    },
    minute,
  );

  test(
    "on a read-only root without a /tmp it says what it lacks, and ends",
    async () => {
      const frontend = await start("frontend-react-js", readOnly["without any"]);
      const state = () => engine.podman("container", "inspect", "--format", "{{.State.Status}}", frontend.name);
      await untilAsync(async () => /exited|stopped/.test(await state()), "its end");
      expect(await frontend.logs()).toMatch(/"\/tmp\/nginx\.pid" failed \(30: Read-only file system\)/);
      await frontend.remove();
    },
    minute,
  );

  test(
    "has the project's nginx.conf, not the app's, and says so",
    async () => {
      expect(built.get("frontend-react-js")?.stderr).toContain("NOTE: nginx.conf of the app is not used");
      const frontend = await startWell("frontend-react-js");
      const { headers, body } = await send(frontend.port, { path: "/" });
      expect(headers["content-security-policy"]).toContain("connect-src 'self' https://api.cruddur.example.com");
      expect(body).toContain("/static/");
      for (const [path = "", plain] of documentedRows("What nginx answers", "frontend.md").flatMap(
        ([paths = "", , , cell]) => paths.split(", ").map((path) => [path, cell]),
      )) {
        if (!path.startsWith("/") || plain === undefined) continue;
        expect([path, (await send(frontend.port, { path })).status]).toEqual([
          path,
          plain === "page" ? 200 : Number(plain),
        ]);
      }
      await frontend.remove();
    },
    minute,
  );
});

describe("built by an engine alone, from a checkout that nobody else may read", () => {
  const checkout = join(folder, "checkout");
  beforeAll(async () => {
    for (const path of ["authz", "envoy", "otel-collector", "services"]) {
      const skipped = (file: string) => !/\/(node_modules|dist)(\/|$)/.test(file.slice(project.length));
      cpSync(join(project, path), join(checkout, path), { recursive: true, filter: skipped });
    }
    // As `npm run render -- --out envoy` does it.
    for (const [script, to] of [
      ["render", "envoy"],
      ["render:collector", "otel-collector"],
    ] as const) {
      const rendered = await runProcess("npm", ["run", "--silent", script, "--", "--out", join(checkout, to)], {
        cwd: project,
      });
      if (rendered.exitCode !== 0) throw new Error(rendered.stderr);
    }
    cpSync(join(folder, "frontend-react-js"), join(checkout, "frontend"), { recursive: true });
    execFileSync("chmod", ["--recursive", "go=", checkout]);
  }, minute);

  const buildArguments = {
    BACKEND_URL: `https://${hosts.api("cruddur.example.com")}`,
    AWS_REGION: "eu-central-1",
    AWS_USER_POOLS_ID: pool.userPoolId,
    AWS_USER_POOLS_WEB_CLIENT_ID: pool.clientId,
    OTEL_COLLECTOR_URL: `https://${hosts.otelCollector("cruddur.example.com")}`,
  };
  test.each([
    ["authz", ["--file", "authz/Dockerfile", "."]],
    ["envoy", ["envoy"]],
    ["otel-collector", ["otel-collector"]],
    [
      "frontend-react-js",
      [
        ...["--file", "frontend/Dockerfile.prod"],
        ...Object.entries(buildArguments).map(([name, value]) => `--build-arg=${name}=${value}`),
        "frontend",
      ],
    ],
  ])(
    "%s runs as well",
    async (repository, args) => {
      const image = `localhost/alone/${repository}`;
      const result = await runProcess(
        "sh",
        ["-c", 'umask 077; exec podman build "$@"', "sh", "--tag", image, ...args],
        {
          cwd: checkout,
          environment,
        },
      );
      expect([result.exitCode, result.exitCode === 0 ? "" : result.stderr]).toEqual([0, ""]);
      const container = await startWell(repository, [], image);
      await container.remove();
    },
    5 * minute,
  );
});
