/**
 * Ejected modules by the real Terraform and AWS provider, over the state of deployed stacks: they plan what the stacks plan,
 * per stack and as one root.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { isMotoGap } from "../../../local/aws/gaps";
import { tfVariables } from "../../../local/trial/sample-variables";
import { splitStackIds } from "../../../services/names";
import type { Plan } from "../../../terraform/plan";
import { plannedChanges } from "../../../terraform/plan-changes";
import { Terraform } from "../../../terraform/terraform";
import { makeStacks, type StackOptions } from "../../../tools/testing";
import { type Deployed, deployedSystem } from "../../support/aws/deployed";
import { TeamAppAdditions, TeamNetworkAdditions } from "../../support/eject/additions";
import { type EjectedOptions, effects, ejectedPlans, oneState, type Plans, planOf } from "../../support/eject/plans";
import { project } from "../../support/project";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "ejected-"));
let deployed: Deployed;

beforeAll(async () => {
  deployed = await deployedSystem();
  deployed.writeStates(folder);
  writeFileSync(join(folder, "one.tfstate"), oneState(deployed));
}, 10 * minute);

afterAll(async () => {
  await deployed?.aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What `cdktf synth --hcl` writes, planned. */
async function hclPlans(outdir: string, options: StackOptions): Promise<{ plans: Plan[]; unformatted: string }> {
  // By the variable, as the command line does it.
  process.env.SYNTH_HCL_OUTPUT = "true";
  try {
    makeStacks({ ...options, outdir }).root.synth();
  } finally {
    delete process.env.SYNTH_HCL_OUTPUT;
  }
  const { stdout } = await new Terraform(outdir).attempt("fmt", "-check", "-diff", "-recursive", "-no-color");
  const folders = splitStackIds.map((id) => join(outdir, "stacks", id));
  return {
    plans: await Promise.all(folders.map((one) => planOf(deployed, one, deployed.variables))),
    unformatted: stdout,
  };
}

/** Over states in files. */
function plansOf(name: string, options: Partial<EjectedOptions>): Promise<Plans> {
  return ejectedPlans(deployed, {
    ...options,
    folder: join(folder, name),
    backend: { directory: folder },
    one: ["terraform.app.tfstate", "one.tfstate"],
  });
}

describe("with default settings", () => {
  let plans: Plans;
  beforeAll(async () => {
    plans = await plansOf("default", {});
  }, 5 * minute);

  test("both forms plan what the stacks plan: nothing", () => {
    const expected = effects(...plans.stacks);
    expect(expected.changes).toHaveLength(56);
    expect(effects(...plans.ejected)).toEqual(expected);
    expect(effects(plans.oneRoot)).toEqual(expected);
    expect(plannedChanges(plans.oneRoot).filter((change) => !isMotoGap(change))).toEqual([]);
    const outputs = Object.values(plans.oneRoot.output_changes ?? {});
    expect(outputs.flatMap(({ actions }) => actions)).toEqual(outputs.map(() => "no-op"));
  });

  test("the page's excerpts are what is synthesized, and what is written", () => {
    const page = readFileSync(join(project, "docs", "ejecting.md"), "utf8");
    const [section = ""] = page.split("\n## ", 1);
    const excerpts = (language: string) =>
      [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) =>
        text.trim(),
      );
    const golden = readFileSync(join(project, "__tests__", "golden", "app.tf.json"), "utf8").replace(/^ +/gm, "");
    for (const excerpt of excerpts("json")) expect(golden).toContain(excerpt.replace(/^ +/gm, ""));
    const written = ["iam.tf", "ecs.tf"].map((name) =>
      readFileSync(join(folder, "default", "stacks", "app", name), "utf8"),
    );
    const hcl = excerpts("hcl");
    expect(hcl).toHaveLength(2);
    for (const excerpt of hcl) expect(written.join("\n")).toContain(excerpt);
  });

  test(
    "`cdktf synth --hcl` plans the same, in the form of `terraform fmt`",
    async () => {
      const outdir = join(folder, "hcl", "cdktf.out");
      mkdirSync(outdir, { recursive: true });
      const { plans: hcl, unformatted } = await hclPlans(outdir, { settings: { backend: { directory: folder } } });
      expect(unformatted).toBe("");
      expect(effects(...hcl)).toEqual(effects(...plans.stacks));
    },
    3 * minute,
  );

  test(
    "`bin/state/check --hcl` finds no difference between the ejected module and the stacks",
    async () => {
      const args = ["--from", join(folder, "one.tfstate"), "--hcl", plans.root, "--json"];
      const { exitCode, stdout, stderr } = await runProcess(join(project, "bin", "state", "check"), args, {
        cwd: folder,
        environment: { ...process.env, ...deployed.aws.environment, ...tfVariables(deployed.variables) },
      });
      const { findings, notPlanned, placements } = JSON.parse(stdout || stderr);
      expect([exitCode, notPlanned, placements.length]).toEqual([0, {}, 56]);
      // What moto forgets is planned by both.
      expect(findings.filter(({ alsoByOldModule }: { alsoByOldModule: boolean }) => !alsoByOldModule)).toEqual([]);
    },
    5 * minute,
  );
});

test(
  "with a team's additions, other settings and other values, both forms plan what the stacks plan: much",
  async () => {
    const variables = { ...deployed.variables, ecs_service_desired_count: "3", db_username: 'o"${x}%{y}', team: "" };
    const plans = await plansOf("team", {
      additions: { network: TeamNetworkAdditions, app: TeamAppAdditions },
      settings: {
        authz: false,
        backendTraces: "collector",
        defaultTags: { "cost center": "${12}", "%{team}": 'a"b' },
        honeycomb: { region: "eu" },
        preventDestroy: false,
        database: { instanceClass: "db.t4g.small", engineVersion: "15" },
      },
      variables,
    });
    const expected = effects(...plans.stacks);
    expect(expected.changes.filter(({ change }) => change.actions.join() === "create").length).toBeGreaterThan(9);
    expect(effects(...plans.ejected)).toEqual(expected);
    const { note_app, ...outputs } = effects(plans.oneRoot).outputs;
    expect(effects(plans.oneRoot).changes).toEqual(expected.changes);
    expect({ ...outputs, note: note_app }).toEqual({
      ...expected.outputs,
      note: expect.objectContaining({ after: "the app's" }),
    });
    const text = readFileSync(join(plans.root, "ec2.tf"), "utf8");
    expect(text).toContain("user_data = <<-EOT\n    #!/bin/bash\n");
  },
  5 * minute,
);
