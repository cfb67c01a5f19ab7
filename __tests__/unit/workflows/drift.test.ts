import { readFileSync } from "node:fs";
import { workflowFileOf, workflowOf } from "../../support/workflow";

const drift = workflowOf("drift");
const deploy = workflowOf("deploy");
const text = readFileSync(workflowFileOf("drift"), "utf8");

test("it plans with the credentials and values of the pull request's plan, and may write issues alone", () => {
  expect(drift.permissions).toEqual({});
  const { steps = [], permissions, if: condition } = drift.jobs.drift ?? {};
  expect(permissions).toEqual({ contents: "read", "id-token": "write", issues: "write" });
  expect(condition).toBe("github.ref == 'refs/heads/main'");
  const own = (all: typeof steps) =>
    all.filter(
      ({ name = "", uses = "" }) => !/^(Plan|Tell|Comment)$/.test(name) && !uses.includes("/upload-artifact@"),
    );
  expect(own(steps)).toEqual(own(deploy.jobs.plan?.steps ?? []));
  const plan = (all: typeof steps) => all.find(({ name }) => name === "Plan")?.env;
  expect(plan(steps)).toEqual(plan(deploy.jobs.plan?.steps ?? []));
  expect(steps.find(({ name }) => name === "Plan")?.run).toContain(" --locked-providers ");
});

test("it hands values to the shell by the environment alone", () => {
  for (const { run = "" } of drift.jobs.drift?.steps ?? []) expect(run).not.toContain("${{");
  expect(text).not.toContain("upload-artifact");
});
