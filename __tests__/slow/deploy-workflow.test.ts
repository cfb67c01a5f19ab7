/**
 * The workflow's own steps, run by bash over a local AWS with the real Terraform and provider: a first deployment, the
 * explained plan of a pull request, and a deployment that would destroy something.
 */

import { randomBytes } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../lib/run-process";
import { Terraform } from "../../lib/terraform";
import { type LocalAws, startLocalAws } from "../../local-aws";
import { actionlintCommand } from "../../tools/actionlint";
import { type Clone, cloneProject } from "../../tools/clone-project";
import { sampleVariables, tfVariables } from "../../trial/sample-variables";
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
        GITHUB_REPOSITORY: "team/cruddur",
        PATH: `${join(temp, "bin")}:${process.env.PATH}`,
        CRUDDUR_BACKEND_DIRECTORY: clone.folder,
        ...more,
      },
    });
    said += result.stdout + result.stderr;
    return result;
  }

  const explained = () => readFileSync(join(temp, "explained.md"), "utf8");

  beforeAll(async () => {
    clone = cloneProject(project);
    temp = join(clone.folder, ".cache", "runner");
    mkdirSync(join(temp, "bin"), { recursive: true });
    // GitHub's command line, which finds no comment at first, and then the one that was written.
    const gh = `#!/bin/sh\necho "$@" >>"$RUNNER_TEMP/gh.log"\ncase "$*" in *--jq*) [ ! -f "$RUNNER_TEMP/written" ] || echo 42 ;; *) touch "$RUNNER_TEMP/written" ;; esac\n`;
    writeFileSync(join(temp, "bin", "gh"), gh);
    chmodSync(join(temp, "bin", "gh"), 0o755);
    aws = await startLocalAws({ project });
    const deployed = await run(`npm run synth\n${step("deploy", "Deploy")}`);
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  }, 10 * minute);

  afterAll(async () => {
    await aws?.stop();
    clone?.remove();
  });

  test("deploy both stacks, network first, each with its explanation", () => {
    expect(existsSync(join(clone.folder, "terraform.app.tfstate"))).toBe(true);
    expect(readFileSync(join(temp, "summary.md"), "utf8")).toMatch(/network: 20 created[\s\S]*app: 36 created/);
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
      const script = ["Plan", "Explain", "Comment", "Comment"].map((name) => step("plan", name)).join("\n");
      const { exitCode, stderr } = await run(`npm run synth\n${script}`, changed);
      expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
      const text = explained();
      expect(text).toMatch(/^:rotating_light: \*\*network and app: 1 DESTROYED OR REPLACED/);
      expect(text).toContain("**`aws_ecs_service.backend_authz`** `DESTROYED`");
      expect(text).toContain('`instance_class: "db.t3.micro" → "db.t4g.small"`');
      expect(text).toContain("`value: (sensitive) → (sensitive, changed)`");
      expect(text).toContain("read by otel-collector: running tasks keep the old value");
      expect(text).toContain("`desired_count: 1 → 2`");
      const calls = readFileSync(join(temp, "gh.log"), "utf8").trim().split("\n");
      expect(calls[1]).toMatch(/^api --silent repos\/team\/cruddur\/issues\/7\/comments -F body=@/);
      expect(calls[3]).toMatch(/^api --silent -X PATCH repos\/team\/cruddur\/issues\/comments\/42 -F body=@/);
    },
    5 * minute,
  );

  test(
    "apply nothing that destroys, unless it is allowed",
    async () => {
      const before = readFileSync(join(clone.folder, "terraform.app.tfstate"), "utf8");
      const { exitCode, stdout } = await run(`npm run synth\n${step("deploy", "Deploy")}`, {
        CRUDDUR_AUTHZ: "false",
        ALLOW_DESTRUCTIVE: "false",
      });
      expect([exitCode, stdout]).toEqual([3, expect.stringContaining("::error::The plan of app destroys or replaces")]);
      expect(readFileSync(join(clone.folder, "terraform.app.tfstate"), "utf8")).toBe(before);
    },
    5 * minute,
  );

  test("npm run explain ends with 0, 2 and 3 as the plans are", async () => {
    const code = async (...stacks: string[]) =>
      (await run(`npm run --silent explain -- ${stacks.map((stack) => `"$RUNNER_TEMP/${stack}.json"`).join(" ")}`))
        .exitCode;
    expect(await code("network")).toBe(0);
    expect(await code("network", "app")).toBe(3);
    const app = JSON.parse(readFileSync(join(temp, "app.json"), "utf8"));
    const kept = app.resource_changes.filter(
      ({ change }: { change: { actions: string[] } }) => change.actions.join() !== "delete",
    );
    writeFileSync(join(temp, "kept.json"), JSON.stringify({ ...app, resource_changes: kept }));
    expect(await code("kept")).toBe(2);
  });

  test("no secret is in what was said, explained or commented", () => {
    const everything = [
      said,
      ...["summary.md", "explained.md", "comment.md", "gh.log"].map((name) => readFileSync(join(temp, name), "utf8")),
    ];
    const values = [...Object.values(secrets), nextKey];
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
