/**
 * The workflow's own steps, run by bash over a local AWS with the real Terraform and provider: a first deployment, the
 * explained plan of a pull request, and a deployment that would destroy something.
 */

import { randomBytes } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../local/aws";
import { sampleVariables, tfVariables } from "../../local/trial/sample-variables";
import { Terraform } from "../../terraform/terraform";
import { actionlintCommand } from "../../tools/actionlint";
import { type Clone, cloneProject } from "../../tools/clone-project";
import { project } from "../support/project";
import { encodedForms } from "../support/secrets";
import { step, workflowFile } from "../support/workflow";

const minute = 60_000;

test(
  "the workflow has no finding of actionlint",
  async () => {
    const result = await runProcess(await actionlintCommand(project), [workflowFile], { cwd: project });
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  },
  8 * minute,
);

describe("the workflow's steps", () => {
  const secret = () => `s-${randomBytes(12).toString("hex")}`;
  const secrets = { db_password: secret(), honeycomb_api_key: secret(), rollbar_access_token: secret() };
  const variables = {
    ...sampleVariables,
    ...secrets,
    db_connection_url: `postgresql://u:${secrets.db_password}@h:5432/cruddur`,
  };
  const nextKey = secret();
  const planKey = randomBytes(32).toString("base64");
  let clone: Clone;
  let aws: LocalAws;
  let temp: string;
  let said = "";

  async function run(script: string, more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    const result = await runProcess("bash", ["-e", "-c", script], {
      cwd: clone.folder,
      environment: {
        ...process.env,
        ...aws.environment,
        ...tfVariables(variables),
        RUNNER_TEMP: temp,
        GITHUB_STEP_SUMMARY: join(temp, "summary.md"),
        GITHUB_ACTIONS: "true",
        GITHUB_SERVER_URL: "https://github.example.com",
        GITHUB_REPOSITORY: "team/cruddur",
        GITHUB_SHA: "0123abc",
        PATH: `${join(temp, "bin")}:${process.env.PATH}`,
        GITHUB_OUTPUT: join(temp, "output"),
        SAVED_PLAN_KEY: planKey,
        CRUDDUR_BACKEND_DIRECTORY: clone.folder,
        ...more,
      },
    });
    said += result.stdout + result.stderr;
    return result;
  }

  /** What the jobs of a deployment run: the plan, and on approval its apply, which has nothing of the former but what was uploaded. */
  async function planAndDeploy(more: NodeJS.ProcessEnv = {}): Promise<{ plan: RunResult; deploy?: RunResult }> {
    rmSync(join(temp, "output"), { force: true });
    const plan = await run(step("plan-deploy", "Plan"), { ALLOW_DESTROY: "", ...more });
    if (plan.exitCode !== 0 || outputs() !== "changes=true\n") return { plan };
    rmSync(join(clone.folder, "cdktf.out"), { recursive: true });
    return { plan, deploy: await run(step("deploy", "Deploy"), { ALLOW_DESTROY: "", ...more }) };
  }

  const outputs = () => readFileSync(join(temp, "output"), "utf8");
  const explained = () => readFileSync(join(temp, "explained.md"), "utf8");

  beforeAll(async () => {
    clone = cloneProject(project);
    temp = join(clone.folder, ".cache", "runner");
    mkdirSync(join(temp, "bin"), { recursive: true });
    // GitHub's command line, which finds no comment at first, and then the one that was written.
    const gh = `#!/bin/sh\necho "$@" >>"$RUNNER_TEMP/gh.log"\ncase "$*" in *--jq*) [ ! -f "$RUNNER_TEMP/written" ] || echo 42 ;; *) touch "$RUNNER_TEMP/written" ;; esac\n`;
    writeFileSync(join(temp, "bin", "gh"), gh);
    chmodSync(join(temp, "bin", "gh"), 0o755);
    // The local AWS's services count as many tasks as running from the beginning.
    process.env.MOTO_ECS_SERVICE_RUNNING = "1";
    aws = await startLocalAws({ project });
    const { plan, deploy } = await planAndDeploy();
    if (deploy?.exitCode !== 0) throw new Error([plan, deploy].map((one) => one && one.stdout + one.stderr).join("\n"));
  }, 10 * minute);

  afterAll(async () => {
    await aws?.stop();
    clone?.remove();
  });

  test("deploy both stacks, network first, with an explanation, and wait for the services", () => {
    expect(existsSync(join(clone.folder, "terraform.app.tfstate"))).toBe(true);
    const summary = readFileSync(join(temp, "summary.md"), "utf8");
    expect(summary).toMatch(/network and app: 56 created[\s\S]*app is provisional/);
    expect(said).toMatch(/Applying network[\s\S]*Planning app again\nThe plan of app is what was shown\nApplying app/);
    expect(summary).toMatch(/Applied: network, app\.[\s\S]*backend-flask \(backend-flask:1\) is steady\.[\s\S]*https:/);
  });

  test(
    "explain what a pull request would do, in one comment",
    async () => {
      const changed = {
        CRUDDUR_AUTHZ: "false",
        CRUDDUR_DATABASE_INSTANCE_CLASS: "db.t4g.small",
        TF_VAR_honeycomb_api_key: nextKey,
        TF_VAR_ecs_service_desired_count: "2",
        PULL_REQUEST: "7",
      };
      const script = ["Plan", "Comment", "Comment"].map((name) => step("plan", name)).join("\n");
      const { exitCode, stderr } = await run(script, changed);
      expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
      const text = explained();
      expect(text).toMatch(/^:rotating_light: \*\*network and app: 1 DESTROYED OR REPLACED/);
      expect(text).toContain("**`aws_ecs_service.backend_authz`** `DESTROYED`");
      expect(text).toContain('`instance_class: "db.t3.micro" → "db.t4g.small"`');
      expect(text).toContain("`value: (sensitive) → (sensitive, changed)`");
      expect(text).toContain("read by otel-collector: running tasks keep the old value");
      expect(text).toContain("`desired_count: 1 → 2`");
      const page = readFileSync(join(temp, "plan.html"), "utf8");
      expect(page).toContain('aria-label="aws_ecs_service.backend_authz: DESTROYED"');
      const source = "https://github.example.com/team/cruddur/blob/0123abc/constructs/rds/database.ts#L";
      expect(page).toContain(`<a href="${source}`);
      const calls = readFileSync(join(temp, "gh.log"), "utf8").trim().split("\n");
      expect(calls[1]).toMatch(/^api --silent repos\/team\/cruddur\/issues\/7\/comments -F body=@/);
      expect(calls[3]).toMatch(/^api --silent -X PATCH repos\/team\/cruddur\/issues\/comments\/42 -F body=@/);
    },
    5 * minute,
  );

  test(
    "plan for approval nothing that destroys, unless it is allowed",
    async () => {
      const before = readFileSync(join(clone.folder, "terraform.app.tfstate"), "utf8");
      const { plan, deploy } = await planAndDeploy({ CRUDDUR_AUTHZ: "false" });
      expect([plan.exitCode, plan.stderr, deploy]).toEqual([
        3,
        expect.stringContaining("Error: Nothing is applied. This would destroy"),
        undefined,
      ]);
      expect(readFileSync(join(clone.folder, "terraform.app.tfstate"), "utf8")).toBe(before);
    },
    5 * minute,
  );

  test(
    "apply what is named, and nothing else that destroys",
    async () => {
      const { deploy } = await planAndDeploy({
        CRUDDUR_AUTHZ: "false",
        ALLOW_DESTROY: "aws_ecs_service.backend_authz  aws_ecs_task_definition.backend_authz",
      });
      expect([deploy?.exitCode, deploy?.stdout, deploy?.stderr]).toEqual([
        0,
        "",
        expect.stringContaining("aws_ecs_service.backend_authz: Destr"),
      ]);
      expect(deploy?.stderr).not.toMatch(/Planning/);
    },
    5 * minute,
  );

  test(
    "ask for no approval where nothing changes",
    async () => {
      const { plan, deploy } = await planAndDeploy({ CRUDDUR_AUTHZ: "false" });
      expect([plan.exitCode, outputs(), deploy]).toEqual([0, "changes=false\n", undefined]);
    },
    3 * minute,
  );

  test("no secret is in what was said, explained, commented or uploaded", () => {
    const everything = [
      said,
      ...["summary.md", "explained.md", "comment.md", "gh.log", "plan.html", "output"].map((name) =>
        readFileSync(join(temp, name), "utf8"),
      ),
      readFileSync(join(temp, "plans.sealed")).toString("latin1"),
    ];
    const values = [...Object.values(secrets), nextKey, planKey];
    for (const form of values.flatMap(encodedForms)) for (const text of everything) expect(text).not.toContain(form);
  });

  test(
    "the roles' Terraform is valid to the real provider",
    async () => {
      const folder = join(temp, "roles");
      mkdirSync(folder);
      cpSync(join(project, "docs", "github-actions", "role.tf"), join(folder, "role.tf"));
      const terraform = new Terraform(folder);
      await terraform.init("-backend=false");
      expect(await terraform.attempt("validate", "-no-color")).toMatchObject({ exitCode: 0 });
    },
    3 * minute,
  );
});
