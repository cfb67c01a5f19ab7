/**
 * The main claim: over a state that HCL made, the stacks change nothing that the HCL itself would not change.
 *
 * The HCL module of the fixtures is applied to a local AWS by the real Terraform and AWS provider, its state is parted as
 * the README says, by the project's command and by hand, and the real plans of both stacks are held against the HCL's own.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedOutputs } from "../../lib/plan-changes";
import { runProcess } from "../../lib/run-process";
import { type Plan, Terraform } from "../../lib/terraform";
import { type LocalAws, startLocalAws } from "../../local-aws";
import { networkOutputs } from "../../stacks/network-outputs";
import { cloneProject } from "../../tools/clone-project";
import { sampleVariables, tfVariables } from "../../trial/sample-variables";
import { changesOf, configuredArguments, plannedInstances } from "../support/adoption";
import { expectedAddresses } from "../support/expected-addresses";
import { encodedForms } from "../support/secrets";
import { makeStacks } from "../support/synth";

const minute = 60_000;
const project = join(__dirname, "..", "..");
const artifacts = join(project, "artifacts", "adoption");

/** Characters that mean something to HCL, JSON, URLs or a shell. */
const awkward = `a<b>&"c"$d%{e}\${f}\\g'h`;

const cases = [
  { name: "sample", region: "us-east-1", variables: sampleVariables, part: partByHand },
  {
    name: "varied",
    part: splitAsReadmeSays,
    region: "eu-central-1",
    variables: {
      ...sampleVariables,
      cruddur_dns_name: "social.team-4.example.org",
      ecs_service_desired_count: "3",
      cognito_user_pool_id: "eu-central-1_other",
      db_password: `${awkward}-password`,
      db_connection_url: `postgresql://u:${awkward}@h:5432/cruddur`,
      honeycomb_api_key: `${awkward}-honeycomb`,
      rollbar_access_token: `${awkward}-rollbar`,
    },
  },
];

/** Where the module lies and both states are wanted. */
interface Adoption {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly variables: Readonly<Record<string, string>>;
}

/** A block of the README's shell commands, by what is in it. */
function readmeStep(clone: string, containing: string): string {
  const blocks = [...readFileSync(join(clone, "README.md"), "utf8").matchAll(/```sh\n([^`]*)```/g)];
  return blocks.find(([, step = ""]) => step.includes(containing))?.[1] ?? "exit 9";
}

const stateFiles = ["terraform.app.tfstate", "terraform.network.tfstate"];

/** The README's way by hand, to the letter, in a clone that holds the state. */
async function partByHand({ folder }: Adoption): Promise<void> {
  const clone = cloneProject(project);
  try {
    cpSync(join(folder, "02-app", "terraform.tfstate"), join(clone.folder, "terraform.app.tfstate"));
    const step = readmeStep(clone.folder, "terraform state mv");
    const { exitCode, stdout, stderr } = await runProcess("sh", ["-c", step], { cwd: clone.folder });
    if (exitCode !== 0 || !/\n20\n36\n$/.test(stdout)) throw new Error(`${exitCode}: ${stdout}${stderr}`);
    for (const file of stateFiles) cpSync(join(clone.folder, file), join(folder, file));
  } finally {
    clone.remove();
  }
}

/** The README's split, to the letter, in a clone beside the module. */
async function splitAsReadmeSays({ folder, environment, variables }: Adoption): Promise<void> {
  const cwd = join(folder, "project");
  renameSync(cloneProject(project).folder, cwd);
  const assignments = Object.entries(variables).map(
    ([name, value]) => `${name} = ${JSON.stringify(value).replace(/[$%](?=\{)/g, (sign) => sign + sign)}\n`,
  );
  writeFileSync(join(cwd, "team.tfvars"), assignments.join(""));
  const { exitCode, stdout, stderr } = await runProcess("sh", ["-ec", readmeStep(cwd, "bin/state/split")], {
    cwd,
    environment: { ...process.env, ...environment },
  });
  if (exitCode !== 0 || !stderr.includes("20 go to network, 36 to app"))
    throw new Error(`${exitCode}: ${stdout}${stderr}`);
  const secrets = Object.values(variables).filter((value) => value.includes(awkward));
  for (const form of secrets.flatMap(encodedForms)) expect(stdout + stderr).not.toContain(form);
  for (const file of stateFiles) cpSync(join(cwd, file), join(folder, file));
}

describe.each(cases)("adopting the state of 02-app, $name inputs in $region", ({ name, region, variables, part }) => {
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
    plans.hcl = await terraform.hcl.plan();

    const { root } = makeStacks({ outdir: join(folder, "cdktf.out"), settings: { backend: { directory: folder } } });
    root.synth();
    await part({ folder, environment: withoutVariables, variables });
    for (const stack of ["network", "app"] as const) {
      terraform[stack] = new Terraform(join(folder, "cdktf.out", "stacks", stack), { environment });
      await terraform[stack].init();
    }
    plans.networkFirst = await terraform.network.plan({ file: "first.plan" });
    await terraform.network.apply("first.plan");
    plans.network = await terraform.network.plan();
    plans.app = await terraform.app.plan();

    mkdirSync(artifacts, { recursive: true });
    for (const plan of ["hcl", "network", "app"] as const) {
      writeFileSync(join(artifacts, `${name}.${plan}.json`), JSON.stringify(plans[plan]));
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

  if (name !== "sample") return;

  // biome-ignore lint/suspicious/noExplicitAny: the synthesized JSON of any stack.
  type Mutate = (json: any) => void;
  const mutations: { what: string; stack: "network" | "app"; mutate: Mutate; shows: RegExp }[] = [
    {
      what: "a renamed id",
      stack: "app",
      mutate: ({ resource: { aws_ecs_cluster: clusters } }) => {
        clusters.cluster = clusters.cruddur;
        delete clusters.cruddur;
      },
      shows: /undeclared resource|"aws_ecs_cluster\.cluster"/,
    },
    {
      what: "a renamed id of a resource that nothing refers to",
      stack: "network",
      mutate: ({ resource: { aws_route53_record: records } }) => {
        records.frontend = records.app;
        delete records.app;
      },
      shows: /"aws_route53_record\.frontend".*"create"/,
    },
    {
      what: "a renamed id of a resource that must not be destroyed",
      stack: "app",
      mutate: ({ resource: { aws_ecr_repository: repositories } }) => {
        repositories.repositories = repositories.repo;
        delete repositories.repo;
      },
      shows: /undeclared resource|"create"/,
    },
    {
      what: "a lost for_each key",
      stack: "app",
      mutate: ({ resource: { aws_ssm_parameter: parameters } }) => {
        parameters.secret.for_each = parameters.secret.for_each.replace('"HONEYCOMB_API_KEY", ', "");
      },
      shows: /given key does not identify an element|HONEYCOMB_API_KEY/,
    },
    {
      what: "a lost for_each key of a resource that must not be destroyed",
      stack: "app",
      mutate: ({ resource: { aws_ecr_repository: repositories } }) => {
        repositories.repo.for_each = repositories.repo.for_each.replace('"envoy", ', "");
      },
      shows: /repo\[\\?"envoy\\?"\]|Instance cannot be destroyed/,
    },
    {
      what: "a changed argument",
      stack: "network",
      mutate: ({ resource }) => {
        resource.aws_lb_target_group.cruddur_backend_envoy_tg.health_check.path = "/health-check";
      },
      shows: /"health_check\.0\.path".*"\/health-check"/,
    },
    {
      what: "a changed argument in a list of blocks",
      stack: "network",
      mutate: ({ resource }) => {
        resource.aws_security_group.rds.ingress[0].to_port = 5433;
      },
      shows: /5433/,
    },
    {
      what: "a corrupted image name",
      stack: "app",
      mutate: ({ resource }) => {
        const definition = resource.aws_ecs_task_definition.frontend_react_js;
        definition.container_definitions = definition.container_definitions.replace(
          '"image":"${data.',
          () => '"image":"$${data.',
        );
      },
      shows: /"delete","create"|"create","delete"/,
    },
    {
      what: "a changed service attribute, hidden among what moto forgets",
      stack: "app",
      mutate: ({ resource }) => {
        resource.aws_ecs_service.backend_flask.network_configuration.assign_public_ip = false;
      },
      shows: /assign_public_ip/,
    },
    {
      what: "an attribute that moto forgets, dropped",
      stack: "app",
      mutate: ({ resource }) => {
        delete resource.aws_ecs_service.backend_authz.enable_execute_command;
      },
      shows: /aws_ecs_service\.backend_authz/,
    },
    {
      what: "a secret under the wrong name",
      stack: "app",
      mutate: ({ locals }) => {
        locals.secret_values.ROLLBAR_ACCESS_TOKEN = locals.secret_values.CONNECTION_URL;
      },
      shows: /ROLLBAR_ACCESS_TOKEN/,
    },
  ];

  test.each(mutations)(
    "$what ($stack) does not pass",
    async ({ stack, mutate, shows }) => {
      const original = readFileSync(stackFile(stack), "utf8");
      try {
        const json = JSON.parse(original);
        mutate(json);
        expect(json).not.toEqual(JSON.parse(original));
        writeFileSync(stackFile(stack), JSON.stringify(json));
        const verdict = await terraform[stack].plan().then(
          (plan) => {
            const mutated = stack === "app" ? changesOf(plans.network, plan) : changesOf(plan, plans.app);
            expect(mutated).not.toEqual(changesOf(plans.hcl));
            return JSON.stringify(mutated);
          },
          (error: Error) => error.message,
        );
        expect(verdict).toMatch(shows);
      } finally {
        writeFileSync(stackFile(stack), original);
      }
    },
    2 * minute,
  );
});
