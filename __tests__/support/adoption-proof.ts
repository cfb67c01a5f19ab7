/** Adopts the state of 02-app as the documentation says, and holds the stacks' plans against the module's own. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../lib/project";
import { runProcess } from "../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../local/aws";
import { tfVariables } from "../../local/trial/sample-variables";
import { networkOutputs } from "../../stacks/network-outputs";
import type { Plan } from "../../terraform/plan";
import { changedOutputs } from "../../terraform/plan-changes";
import { Terraform } from "../../terraform/terraform";
import { cloneProject } from "../../tools/clone-project";
import { makeStacks } from "../../tools/testing";
import { changesOf, configuredArguments, plannedInstances } from "./adoption";
import { expectedAddresses } from "./expected-addresses";
import { encodedForms } from "./secrets";

const minute = 60_000;
const artifacts = join(project, "artifacts", "adoption");

/** Characters that mean something to HCL, JSON, URLs or a shell. */
export const awkward = `a<b>&"c"$d%{e}\${f}\\g'h`;

/** Where the module lies and both states are wanted. */
export interface Adoption {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly variables: Readonly<Record<string, string>>;
}

/** A block of shell commands of a page, by what is in it. */
function documentedStep(clone: string, page: string, containing: string): string {
  const blocks = [...readFileSync(join(clone, page), "utf8").matchAll(/```sh\n([^`]*)```/g)];
  return blocks.find(([, step = ""]) => step.includes(containing))?.[1] ?? "exit 9";
}

/** The plan that is held against the contract, in its stack's folder. */
const kept = "kept.plan";

const stateFiles = ["terraform.app.tfstate", "terraform.network.tfstate"];

/** The documented way by hand, to the letter, in a clone that holds the state. */
export async function partByHand({ folder }: Adoption): Promise<void> {
  const clone = cloneProject(project);
  try {
    cpSync(join(folder, "02-app", "terraform.tfstate"), join(clone.folder, "terraform.app.tfstate"));
    const step = documentedStep(clone.folder, join("docs", "splitting-by-hand.md"), "terraform state mv");
    const { exitCode, stdout, stderr } = await runProcess("sh", ["-c", step], { cwd: clone.folder });
    if (exitCode !== 0 || !/\n20\n36\n$/.test(stdout)) throw new Error(`${exitCode}: ${stdout}${stderr}`);
    for (const file of stateFiles) cpSync(join(clone.folder, file), join(folder, file));
  } finally {
    clone.remove();
  }
}

/** The README's split, to the letter, in a clone beside the module. */
export async function splitAsReadmeSays({ folder, environment, variables }: Adoption): Promise<void> {
  const cwd = join(folder, "project");
  renameSync(cloneProject(project).folder, cwd);
  const assignments = Object.entries(variables).map(
    ([name, value]) => `${name} = ${JSON.stringify(value).replace(/[$%](?=\{)/g, (sign) => sign + sign)}\n`,
  );
  writeFileSync(join(cwd, "team.tfvars"), assignments.join(""));
  const { exitCode, stdout, stderr } = await runProcess(
    "sh",
    ["-ec", documentedStep(cwd, "README.md", "bin/state/split")],
    {
      cwd,
      environment: { ...process.env, ...environment },
    },
  );
  if (exitCode !== 0 || !stderr.includes("20 go to network, 36 to app"))
    throw new Error(`${exitCode}: ${stdout}${stderr}`);
  const secrets = Object.values(variables).filter((value) => value.includes(awkward));
  for (const form of secrets.flatMap(encodedForms)) expect(stdout + stderr).not.toContain(form);
  for (const file of stateFiles) cpSync(join(cwd, file), join(folder, file));
}

export interface AdoptionCase {
  /** Of the plans in artifacts/adoption. */
  readonly name: string;
  readonly region: string;
  readonly variables: Readonly<Record<string, string>> & { readonly cruddur_dns_name: string };
  /** The documented way from one state to two. */
  readonly part: (adoption: Adoption) => Promise<void>;
}

/** What is there once the first test runs. */
export interface Adopted {
  readonly plans: { readonly hcl: Plan; readonly network: Plan; readonly app: Plan };
  readonly terraform: { readonly network: Terraform; readonly app: Terraform };
  stackFile(stack: "network" | "app"): string;
}

/**
 * Adopts the state of 02-app with some inputs, and holds the plans of both stacks against the module's own.
 *
 * @param more tests over the same plans
 */
export function adoptionTests(
  { name, region, variables, part }: AdoptionCase,
  more: (adopted: Adopted) => void = () => {},
): void {
  describe(`adopting the state of 02-app, ${name} inputs in ${region}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "adoption-"));
    const terraform = { hcl: {} as Terraform, network: {} as Terraform, app: {} as Terraform };
    const plans = { hcl: {} as Plan, networkFirst: {} as Plan, network: {} as Plan, app: {} as Plan };
    let aws: LocalAws | undefined;

    const stackFile = (stack: "network" | "app") => join(folder, "cdktf.out", "stacks", stack, "cdk.tf.json");

    beforeAll(async () => {
      aws = await startLocalAws({ project, region, domain: variables.cruddur_dns_name });
      const environment = { ...aws.environment, ...tfVariables(variables) };
      const { environment: withoutVariables } = aws;
      const hclFolder = join(folder, "02-app");
      cpSync(join(project, "__tests__", "fixtures", "02-app"), hclFolder, { recursive: true });
      terraform.hcl = new Terraform(hclFolder, { environment });
      await terraform.hcl.init();
      await terraform.hcl.apply();
      plans.hcl = await terraform.hcl.plan({ file: kept });

      const { root } = makeStacks({ outdir: join(folder, "cdktf.out"), settings: { backend: { directory: folder } } });
      root.synth();
      await part({ folder, environment: withoutVariables, variables });
      for (const stack of ["network", "app"] as const) {
        terraform[stack] = new Terraform(join(folder, "cdktf.out", "stacks", stack), { environment });
        await terraform[stack].init();
      }
      plans.networkFirst = await terraform.network.plan({ file: "first.plan" });
      await terraform.network.apply("first.plan");
      plans.network = await terraform.network.plan({ file: kept });
      plans.app = await terraform.app.plan({ file: kept });

      mkdirSync(artifacts, { recursive: true });
      for (const plan of ["hcl", "network", "app"] as const) {
        // As Terraform prints it, with what no code here reads.
        const { stdout } = await terraform[plan].attempt("show", "-json", "-no-color", kept);
        writeFileSync(join(artifacts, `${name}.${plan}.json`), stdout);
      }
    }, 10 * minute);

    afterAll(async () => {
      await aws?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("the HCL and the stacks plan the same 56 instances", () => {
      const expected = expectedAddresses(variables.cruddur_dns_name);
      expect(plannedInstances(plans.network)).toEqual(expected.network);
      expect(plannedInstances(plans.app)).toEqual(expected.app);
      expect(plannedInstances(plans.hcl)).toEqual([...expected.app, ...expected.network].sort());
      expect(plannedInstances(plans.hcl)).toHaveLength(56);
    });

    test("the stacks set the arguments that the HCL sets, and no others", () => {
      expect(configuredArguments(plans.network, plans.app)).toEqual(configuredArguments(plans.hcl));
    });

    test("the first network plan changes no resource; a split has brought the outputs too", () => {
      expect(changesOf(plans.networkFirst)).toEqual([]);
      expect(changedOutputs(plans.networkFirst)).toEqual(part === partByHand ? Object.keys(networkOutputs).sort() : []);
    });

    test("both stacks change what the HCL changes over its own state, and nothing else", () => {
      const hcl = changesOf(plans.hcl);
      expect(changesOf(plans.network, plans.app)).toEqual(hcl);
      expect(changedOutputs(plans.network)).toEqual([]);
      // What moto forgets of the four services: the comparison has something to compare.
      expect(hcl.map(({ address }) => address)).toEqual([
        "aws_ecs_service.backend_authz",
        "aws_ecs_service.backend_flask",
        "aws_ecs_service.frontend_react_js",
        "aws_ecs_service.otel_collector",
      ]);
      expect(hcl.every(({ actions }) => actions.join() === "update")).toBe(true);
    });

    more({ plans, terraform, stackFile });
  });
}
