/** `npm run local` with a container engine of its own, as docs/local.md says: the sample, and then a checkout like the team's. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { freePort } from "../../../lib/free-port";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { localUsers } from "../../../local/system/seed";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { chromium } from "../../support/chromium";
import { baseImages } from "../../support/engine/bases";
import { type Engine, freeSubnet, startEngine } from "../../support/engine/engine";
import { teamCheckout } from "../../support/local-engine/checkout";
import { podmanComposeFolder } from "../../support/local-engine/podman-compose";
import { processesWith, untilAsync } from "../../support/processes";
import { project } from "../../support/project";
import { onTerminal } from "../../support/terminal";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "system-"));
const portNames = ["app", "api", "otel-collector", "aws", "database", "honeycomb", "page"] as const;
const ports: Record<string, number> = {};
let engine: Engine;
let clone: Clone;
let browser: Browser;
let environment: NodeJS.ProcessEnv;
let subnet: string;

function local(...args: readonly string[]): Promise<RunResult> {
  return runProcess("npm", ["run", "--silent", "local", "--", ...args], { cwd: clone.folder, environment });
}

async function up(...args: readonly string[]): Promise<RunResult> {
  const portOptions = portNames.flatMap((name) => ["--port", `${name}=${ports[name]}`]);
  const result = await local("up", "--subnet", subnet, ...portOptions, ...args);
  if (result.exitCode !== 0) throw new Error(result.stdout + result.stderr);
  return result;
}

const at = (name: (typeof portNames)[number], path = "/") => `http://localhost:${ports[name]}${path}`;
const api = async (path: string, headers: Record<string, string> = {}, method = "GET") => {
  const response = await fetch(at("api", path), { method, headers });
  return { status: response.status, body: await response.json().catch(() => undefined) };
};
const token = async (name: string) => (await local("token", name)).stdout.trim();

/** What a person looks at later: a picture beside the results. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({
    path: join(project, "artifacts", "local", `${name}.png`) as `${string}.png`,
    fullPage: true,
  });
}

beforeAll(async () => {
  rmSync(join(project, "artifacts", "local"), { recursive: true, force: true });
  await runProcess("mkdir", ["-p", join(project, "artifacts", "local")]);
  engine = await startEngine({ imageStores: [await baseImages()], folder: join(folder, "engine") });
  environment = {
    ...engine.environment,
    PATH: [await podmanComposeFolder(), engine.environment.PATH].join(delimiter),
    // Whatever else is on this machine, it is podman that is tried.
    DOCKER_HOST: "unix:///nonexistent/docker.sock",
  };
  subnet = freeSubnet();
  clone = cloneProject(project);
  for (const name of portNames) ports[name] = await freePort();
  browser = await puppeteer.launch(chromium);
}, 10 * minute);

afterAll(async () => {
  await browser?.close();
  if (clone !== undefined) await local("down");
  await engine?.stop();
  clone?.remove();
  rmSync(folder, { recursive: true, force: true });
}, 2 * minute);

async function fill(page: Page, form: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.type(`#${form} [name="${name}"]`, value);
  await page.click(`#${form} button`);
}

const says = (page: Page, id: string, text: string) =>
  page.waitForFunction(`document.getElementById("${id}")?.textContent.includes(${JSON.stringify(text)})`);

describe("with the sample", () => {
  let alice: string;

  test(
    "up builds what is missing and starts all of it",
    async () => {
      const { stdout, stderr } = await up();
      expect(stderr).toMatch(/With podman-compose 1\.6\.0/);
      expect(stdout).toContain(at("app").slice(0, -1));
      const { exitCode, stdout: json } = await local("status", "--json");
      const statuses = JSON.parse(json) as { name: string; health: string }[];
      expect(statuses.filter(({ health }) => !["healthy", "running"].includes(health))).toEqual([]);
      expect(statuses.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["backend-flask", "envoy", "authz", "frontend-react-js", "otel-collector", "local-aws"]),
      );
      expect(exitCode).toBe(0);
    },
    15 * minute,
  );

  test(
    "alice gets her messages; a stranger, and who only says that he is alice, don't",
    async () => {
      alice = await token("alice");
      const headers = { authorization: `Bearer ${alice}` };
      expect((await api("/api/message_groups", headers)).status).toBe(200);
      expect((await api("/api/message_groups")).status).toBe(401);
      const { body } = await api("/api/activities/home", headers);
      expect(body).toMatchObject({ signedIn: true, user: "alice" });
      const forged = { "x-cognito-username": "alice" };
      expect((await api("/api/activities/home", forged)).body).toMatchObject({ signedIn: false, user: null });
      expect((await api("/api/activities", forged, "POST")).status).toBe(401);
      expect((await api("/api/message_groups", { authorization: `Bearer ${alice.slice(0, -8)}AAAAAAAA` })).status).toBe(
        401,
      );
    },
    minute,
  );

  test("nothing listens beyond the loopback interface", async () => {
    const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
    const lines = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/net/${name}`, "utf8").split("\n"));
    for (const name of portNames) {
      const listening = lines.filter((line) => new RegExp(`:${hex(ports[name] ?? 0)} \\S+ 0A `).test(line));
      expect([name, listening.map((line) => line.trim().split(/\s+/)[1]?.split(":")[0])]).toEqual([name, ["0100007F"]]);
    }
    const { stdout } = await runProcess("iptables", ["-t", "nat", "-S"]);
    const forwarded = stdout
      .split("\n")
      .filter((line) => portNames.some((name) => line.includes(`--dport ${ports[name]} `)));
    expect(
      forwarded.filter((line) => !/-d 127\.0\.0\.1\/32 |-s (127\.0\.0\.1|10\.97\.\d+\.\d+)(\/\d+)? /.test(line)),
    ).toEqual([]);
  });

  test(
    "alice signs in in the browser, posts and sees the feed",
    async () => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(at("app"));
      await says(page, "who", "Nobody is signed in");
      await fill(page, "sign-in", { email: "alice@example.com", password: "wrong-Passw0rd" });
      await says(page, "problem", "Incorrect username or password");
      await page.reload();
      await fill(page, "sign-in", { email: "alice@example.com", password: localUsers.password });
      await says(page, "who", "Signed in as @alice");
      await fill(page, "post", { message: "Written in a container" });
      await says(page, "feed", "@alice: Written in a container");
      await fill(page, "send", { handle: "bob", message: "A message in DynamoDB" });
      await says(page, "groups", "@bob: A message in DynamoDB");
      await picture(page, "app");
      expect(complaints).toEqual([]);
      await page.close();
    },
    2 * minute,
  );

  test(
    "the page shows who asked for what, and the traces, which Honeycomb's stand-in has",
    async () => {
      const traces = async () => (await fetch(at("honeycomb", "/traces"))).text();
      await untilAsync(async () => (await traces()).includes("home-activities"), "the app's trace");
      // The page asks for itself anew every few seconds, so its text is read as it comes.
      const text = async () => (await fetch(at("page"))).text();
      await untilAsync(async () => /\/api\/activities[\s\S]*@alice/.test(await text()), "alice's request on the page");
      expect(await text()).toContain("home-activities");
      expect(await text()).toContain("aws_ecs_service.backend_flask");
      const page = await browser.newPage();
      await page.goto(at("page"));
      await picture(page, "page");
      await page.close();
    },
    2 * minute,
  );

  test(
    "open serves the page again where it has ended, and hands a terminal's user to the browser",
    async () => {
      const { pid } = JSON.parse(readFileSync(join(clone.folder, ".local", "page.json"), "utf8"));
      process.kill(pid, "SIGKILL");
      await untilAsync(
        () =>
          fetch(at("page")).then(
            () => false,
            () => true,
          ),
        "the end of the page",
      );
      const url = at("page").slice(0, -1);
      const opened = join(folder, "opened");
      const bin = join(folder, "bin");
      mkdirSync(bin);
      writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" >> "${opened}"\n`, { mode: 0o755 });
      const before = environment;
      environment = { ...environment, PATH: [bin, environment.PATH].join(delimiter) };
      // Nobody looks where there is no terminal.
      expect(await local("open")).toMatchObject({ exitCode: 0, stdout: `${url}\n` });
      expect((await fetch(at("page"))).status).toBe(200);
      const asked = ["run", "--silent", "local", "--", "open"];
      for (const more of [["--no-browser"], []]) {
        const terminal = onTerminal("npm", [...asked, ...more], { cwd: clone.folder, env: environment });
        expect([await terminal.ended, terminal.shown().trim()]).toEqual([0, url]);
      }
      await untilAsync(async () => existsSync(opened), "the browser");
      expect(readFileSync(opened, "utf8")).toBe(`${url}\n`);
      environment = before;
    },
    minute,
  );

  test(
    "Envoy finds an app again that was started again",
    async () => {
      const app = "cruddur-local-backend-flask";
      await engine.podman("restart", "--time", "2", app);
      const check = ["exec", app, "python", "/backend-flask/bin/health-check"];
      await untilAsync(async () => (await engine.tryPodman(...check)).exitCode === 0, "the app");
      const started = Date.now();
      await untilAsync(async () => (await api("/api/health-check")).status === 200, "the app behind Envoy", 15_000);
      expect(Date.now() - started).toBeLessThan(5000);
      expect((await api("/api/message_groups", { authorization: `Bearer ${alice}` })).status).toBe(200);
    },
    minute,
  );

  test(
    "logs has what containers write",
    async () => {
      expect((await local("logs", "envoy")).stdout).toMatch(/"path":"\/api\/message_groups"/);
      const two = (await local("logs", "--tail", "5", "authz", "envoy")).stdout;
      expect(two).toMatch(/^authz +\{/m);
      expect(two).toMatch(/^envoy +\{/m);
    },
    minute,
  );

  test(
    "down leaves nothing",
    async () => {
      expect(await local("down")).toMatchObject({ exitCode: 0, stdout: "Everything is taken away.\n" });
      expect(await engine.podman("ps", "--all", "--quiet")).toBe("");
      expect(await engine.podman("network", "ls", "--quiet", "--filter", "name=cruddur")).toBe("");
      expect(await engine.podman("volume", "ls", "--quiet")).toBe("");
      expect(existsSync(join(clone.folder, ".local"))).toBe(false);
      expect(processesWith(clone.folder).filter((line) => line.includes("page/server"))).toEqual([]);
      for (const name of portNames) await expect(fetch(at(name))).rejects.toThrow();
    },
    minute,
  );
});

describe("with a checkout like the team's", () => {
  test(
    "its database, functions and frontend run, and a change of the mounted backend is seen at once",
    async () => {
      const { backend, frontend } = teamCheckout(folder);
      environment = { ...environment, CRUDDUR_IMAGES_FRONTEND: frontend };
      const { stderr } = await up("--mount", `backend-flask=${backend}`);
      expect(stderr).toContain("NOTE: nginx.conf of the app is not used");
      expect(stderr).not.toContain("isn't in");

      const page = await browser.newPage();
      await page.goto(at("app"));
      await fill(page, "sign-up", {
        name: "Carol",
        handle: "carol",
        email: "carol@example.com",
        password: "Cruddur-5678",
      });
      await page.waitForFunction('!document.getElementById("confirm").hidden');
      await fill(page, "confirm", { code: "123456" });
      await says(page, "who", "Signed in as @carol");
      await picture(page, "team");
      await page.close();

      const app = join(backend, "app.py");
      writeFileSync(
        app,
        readFileSync(app, "utf8").replace("jsonify(success=True)", "jsonify(success=True, changed=True)"),
      );
      await untilAsync(async () => (await api("/api/health-check")).body?.changed === true, "the change");
    },
    10 * minute,
  );

  test(
    "another folder for one time: --context replaces the running one",
    async () => {
      const { backend } = teamCheckout(join(folder, "other"));
      const app = join(backend, "app.py");
      writeFileSync(
        app,
        readFileSync(app, "utf8").replace("jsonify(success=True)", "jsonify(success=True, other=True)"),
      );
      await up("--context", `backend-flask=${backend}`);
      expect((await api("/api/health-check")).body).toEqual({ success: true, other: true });
      expect((await local("down", "--images")).stdout).toBe("Everything is taken away.\n");
      expect(await engine.podman("images", "--quiet", "--filter", "reference=localhost/cruddur-local/*")).toBe("");
    },
    10 * minute,
  );
});
