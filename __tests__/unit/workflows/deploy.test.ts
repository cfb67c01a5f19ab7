import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../support/project";
import { step, workflowFileOf, workflowOf } from "../../support/workflow";

const workflow = workflowOf("deploy");
const workflowText = readFileSync(workflowFileOf("deploy"), "utf8");
const { jobs } = workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const runs = steps.flatMap(({ run }) => run ?? []);

describe("the workflow", () => {
  test("calls only scripts that package.json has", () => {
    const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    const called = runs.flatMap((run) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = ""]) => name),
    );
    expect([...new Set(called)].sort()).toEqual(["check", "plan", "synth", "test:unit"]);
    for (const name of called) expect(scripts).toHaveProperty([name]);
  });

  test("pins each action by commit, with its version behind", () => {
    const used = workflowText.split("\n").filter((line) => line.includes("uses:"));
    expect(used.length).toBeGreaterThan(0);
    for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("gives each job no more than it needs, and credentials to no fork", () => {
    expect(workflow.permissions).toEqual({});
    const permissions = Object.fromEntries(Object.entries(workflow.jobs).map(([id, job]) => [id, job.permissions]));
    expect(permissions).toEqual({
      check: { contents: "read" },
      plan: { contents: "read", "id-token": "write", "pull-requests": "write" },
      "plan-deploy": { contents: "read", "id-token": "write" },
      deploy: { contents: "read", "id-token": "write" },
    });
    expect(workflow.jobs.plan?.if).toContain("head.repo.full_name == github.repository");
    expect(workflow.jobs["plan-deploy"]?.if).toContain("refs/heads/main");
    expect(workflow.jobs.deploy).toMatchObject({
      needs: "plan-deploy",
      environment: "production",
      if: "needs.plan-deploy.outputs.changes == 'true'",
    });
    expect(workflowText).not.toContain("pull_request_target");
  });

  test("hands values to the shell by the environment alone, and uploads the explained page, and no plan but a sealed one", () => {
    for (const run of runs) expect(run).not.toContain("${{");
    const uploads = steps.filter(({ uses = "" }) => uses.includes("upload-artifact"));
    expect(uploads.map((upload) => upload.with?.path)).toEqual([
      "${{ runner.temp }}/plan.html",
      "${{ runner.temp }}/plans.sealed",
      "${{ runner.temp }}/plan.html",
    ]);
    expect(runs.filter((run) => run.includes('--report "$RUNNER_TEMP/plan.html"'))).toHaveLength(2);
    expect(runs.filter((run) => run.includes('--save "$RUNNER_TEMP/plans.sealed"'))).toHaveLength(1);
    const secrets = workflowText.split("\n").filter((line) => line.includes("secrets."));
    for (const line of secrets) expect(line).toMatch(/^ +(TF_VAR_\w+|SAVED_PLAN_KEY): \$\{\{ secrets\.\w+ \}\}$/);
  });

  test("takes no provider that isn't locked", () => {
    const planning = runs.filter((run) => /^bin\/deploy|npm run --silent plan/m.test(run));
    expect(planning).toHaveLength(3);
    for (const run of planning) expect(run).toContain(" --locked-providers ");
  });

  test("applies what was planned before the approval, with the same values, and plans nothing itself", () => {
    const [plan, apply] = [jobs["plan-deploy"]?.steps, jobs.deploy?.steps];
    const env = (all: typeof plan, name: string) => all?.find((one) => one.name === name)?.env;
    expect(env(apply, "Deploy")).toEqual(env(plan, "Plan"));
    expect(step("deploy", "Deploy")).toMatch(/^bin\/deploy --saved "\$RUNNER_TEMP\/plans\.sealed" --yes /m);
    const artifact = (all: typeof plan, action: string) =>
      all?.find(({ uses = "" }) => uses.includes(action))?.with?.name;
    expect(artifact(apply, "download-artifact")).toBe(artifact(plan, "upload-artifact"));
    const roleOf = (all: typeof plan) => all?.find((one) => one.with?.["role-to-assume"])?.with?.["role-to-assume"];
    expect([plan, apply].map(roleOf)).toEqual(["${{ vars.AWS_PLAN_ROLE }}", "${{ vars.AWS_DEPLOY_ROLE }}"]);
  });

  test("the subjects of the roles are those of the jobs", () => {
    const hcl = readFileSync(join(project, "docs", "github-actions", "role.tf"), "utf8");
    expect(hcl).toContain("repo:${sender}:pull_request");
    expect(hcl).toContain("repo:${sender}:environment:${var.environment}");
    expect(/variable "environment" \{[^}]*default += "(.*)"/.exec(hcl)?.[1]).toBe(workflow.jobs.deploy?.environment);
  });
});
