/** The README's first command, as a new user runs it. */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { project } from "../../../lib/project";
import { runProcess } from "../../../lib/run-process";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { chromium } from "../../support/chromium";
import { processesWith, until } from "../../support/processes";
import { onTerminal } from "../../support/terminal";
import { ended, pathWithBrokenMoto, startTrial } from "../../support/trial";

const minute = 60_000;

/** What a person does on the page of a kept trial. */
async function expectPage(url: string): Promise<void> {
  const browser = await puppeteer.launch(chromium);
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(request.url()));
    const text = () => page.$eval("body", (body) => (body as { innerText?: string }).innerText ?? "");
    await page.goto(url);
    // What the trial has sent is there from the beginning.
    expect(await text()).toMatch(/\/api\/activities\s+401\s+nobody/);
    expect(await text()).toMatch(/\/api\/activities\/home\s+200\s+@alice/);
    expect(await text()).toMatch(/Envoy\s+localhost:\d+\s+the container envoy of aws_ecs_service\.backend_flask/);
    expect(await text()).toMatch(
      /cruddur-messages DynamoDB table\s+aws_dynamodb_table\.cruddur_messages_table\s+app\//,
    );
    expect(
      await page.$eval("#picture img", (image) => (image as { naturalWidth?: number }).naturalWidth),
    ).toBeGreaterThan(500);
    const send = async (name: string, seen: string) => {
      await Promise.all([page.waitForNavigation(), page.click(`form[action="/send/${name}"] button`)]);
      expect(await text()).toContain(seen);
    };
    await send("stopped", "503, 503, 200 nobody\t503, 503, 200 nobody");
    await send("forged", "200 nobody, 401\t200 nobody, 401");
    expect(await text()).toContain("The API has last seen you as nobody");
    await send("alice", "200 alice, 201 alice\t200 alice, 201 alice");
    expect(await text()).toContain("The API has last seen you as @alice");
    expect(await text()).toContain("Every request was answered as expected");
    await Promise.all([page.waitForNavigation(), page.click('a[href="/change"]')]);
    expect(await text()).toMatch(/app: .*1 service restarts/);
    expect(await text()).toMatch(/container xray: gone/);
    await page.goto(url);
    mkdirSync(join(project, "artifacts"), { recursive: true });
    await page.screenshot({ path: join(project, "artifacts", "trial-page.png"), fullPage: true });
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}

describe("npm run trial", () => {
  let clone: Clone;
  beforeAll(() => {
    clone = cloneProject(project);
  });
  afterAll(() => clone.remove());

  test.each([
    ["while the local AWS starts", "Starting the local AWS"],
    ["while Terraform applies", "Deploying network"],
  ])(
    "interrupted %s, stops everything and leaves nothing",
    async (_when, line) => {
      const marker = randomUUID();
      const { child, said } = startTrial(clone, [], { XDG_MARKER: marker });
      await until(() => said().includes(line), line, 2 * minute);
      expect(processesWith(marker)).not.toEqual([]);
      // Ctrl-C: the terminal signals the whole foreground group.
      process.kill(-(child.pid ?? 0), "SIGINT");
      await ended(child);
      await until(() => processesWith(marker).length === 0, "the end of all processes");
      expect(said()).toContain("Interrupted");
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
    },
    4 * minute,
  );

  test(
    "killed while Terraform applies, is in nobody's way: what it has left is found and ended",
    async () => {
      const marker = randomUUID();
      const { child } = startTrial(clone, [], { XDG_MARKER: marker });
      const log = join(clone.folder, ".cache", "trial", "terraform.log");
      const applied = "network: aws_vpc_endpoint.dynamodb: Creation complete";
      await until(() => existsSync(log) && readFileSync(log, "utf8").includes(applied), "an apply", 3 * minute);
      const second = await runProcess("npm", ["run", "--silent", "trial"], {
        cwd: clone.folder,
        environment: process.env,
      });
      expect([second.exitCode, second.stderr]).toEqual([
        1,
        expect.stringMatching(/^Error: A trial is running in this folder already \(process \d+\): wait for its end/m),
      ]);
      expect(child.exitCode).toBeNull();
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await ended(child);
      const stop = await runProcess("npm", ["run", "trial", "--", "--stop"], { cwd: clone.folder });
      expect([stop.exitCode, stop.stderr]).toEqual([
        0,
        expect.stringContaining("What a killed trial has left is ended"),
      ]);
      await until(() => processesWith(marker).length === 0, "the end of all processes");
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
    },
    5 * minute,
  );

  test("names the cause, and no warning of Node's, when the local AWS doesn't start", async () => {
    const run = await runProcess("npm", ["run", "--silent", "trial"], {
      cwd: clone.folder,
      environment: { ...process.env, NODE_OPTIONS: "--pending-deprecation", PATH: pathWithBrokenMoto(clone) },
    });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/^Error: The local AWS did not start: .*moto_server ended with 3: no port today$/m);
    expect(run.stderr).not.toMatch(/\(node:\d+\)|Deprecat/);
  });

  test("says what is missing without Terraform", async () => {
    const run = await runProcess("npm", ["run", "--silent", "trial"], {
      cwd: clone.folder,
      environment: { ...process.env, TERRAFORM_BINARY_NAME: "no-such-terraform" },
    });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      'Error: No Terraform was found ("no-such-terraform"): install Terraform 1.10.0 or later',
    );
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  test(
    "kept, leaves the local AWS for looking around until it is stopped",
    async () => {
      const marker = randomUUID();
      const environment = { ...process.env, XDG_MARKER: marker };
      const terminal = onTerminal("npm", ["run", "trial"], { cwd: clone.folder, env: environment });
      await terminal.sees(/^Terraform +all that it said is in /m, 6 * minute);
      await terminal.sees("Keep it running, with a page to look around?");
      terminal.types("yes\r");
      expect([await terminal.ended, terminal.shown()]).toEqual([
        0,
        expect.stringContaining("The local AWS keeps running"),
      ]);
      // A server that stays needs no compiler beside it.
      expect(processesWith(marker)).toEqual(expect.arrayContaining([expect.stringContaining("moto_server")]));
      expect(processesWith(marker).join("\n")).not.toMatch(/esbuild/);
      const [, url = ""] = /^The page: +(http:\S+)/m.exec(terminal.shown()) ?? [];
      await expectPage(url);
      const file = join(clone.folder, ".trial", "environment.sh");
      expect(readFileSync(file, "utf8")).toContain("export AWS_ENDPOINT_URL=");
      const script =
        ". .trial/environment.sh && terraform -chdir=.trial/cdktf.out/stacks/network plan -no-color -detailed-exitcode";
      const machine = { ...process.env, AWS_PROFILE: "work", TF_VAR_aws_profile: "work", TF_WORKSPACE: "prod" };
      const plan = await runProcess("sh", ["-c", script], { cwd: clone.folder, environment: machine });
      expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
      const again = await runProcess("npm", ["run", "--silent", "trial"], { cwd: clone.folder, environment });
      expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("A trial was kept")]);
      // The server is killed with the record half written: what it has started ends with it.
      const record = join(clone.folder, ".trial", "local-aws.json");
      const { pid } = JSON.parse(readFileSync(record, "utf8"));
      process.kill(pid, "SIGKILL");
      writeFileSync(record, '{"pid":');
      await until(() => processesWith(marker).length === 0, "the end of all processes");
      const stop = await runProcess("npm", ["run", "trial", "--", "--stop"], { cwd: clone.folder });
      expect([stop.exitCode, stop.stderr]).toEqual([0, expect.stringContaining("The kept trial is stopped")]);
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
    },
    10 * minute,
  );
});
