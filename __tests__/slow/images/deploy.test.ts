/** Content hashes as a deployment: real plans of the app stack, by Terraform and the AWS provider, against the local AWS. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allImages } from "../../../images/built";
import { imageTag } from "../../../images/tag";
import { runProcess } from "../../../lib/run-process";
import type { LocalAws } from "../../../local/aws";
import { isMotoGap } from "../../../local/aws/gaps";
import { tfVariables } from "../../../local/trial/sample-variables";
import { loadSettings } from "../../../settings/load";
import type { Plan } from "../../../terraform/plan";
import { plannedChanges } from "../../../terraform/plan-changes";
import { Terraform } from "../../../terraform/terraform";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { deployedSystem } from "../../support/aws/deployed";
import { project, stackFolder } from "../../support/project";

const minute = 60_000;
const settings = {
  CRUDDUR_IMAGES_DEPLOY: "hash",
  CRUDDUR_IMAGES_BACKEND_FLASK: "backend-flask",
  CRUDDUR_IMAGES_FRONTEND: "frontend-react-js",
};
const images = ["authz", "backend-flask", "envoy", "frontend-react-js", "otel-collector"];
let aws: LocalAws;
let clone: Clone;
let variables: Readonly<Record<string, string>>;
let app: Terraform;

beforeAll(async () => {
  clone = cloneProject(project);
  for (const name of ["backend-flask", "frontend-react-js"]) {
    mkdirSync(join(clone.folder, name));
    writeFileSync(join(clone.folder, name, "Dockerfile.prod"), "FROM scratch\nCOPY app /\n");
    writeFileSync(join(clone.folder, name, "app"), "1");
  }
  const deployed = await deployedSystem();
  aws = deployed.aws;
  variables = deployed.variables;
  deployed.writeStates(clone.folder);
  await synthesize();
  app = terraformOf("app");
  await app.init();
  await app.apply();
}, 10 * minute);

afterAll(async () => {
  await aws?.stop();
  clone?.remove();
});

async function synthesize(): Promise<void> {
  const { exitCode, stderr } = await runProcess(process.execPath, ["tools/run.mjs", "main.ts"], {
    cwd: clone.folder,
    environment: { ...process.env, ...settings },
  });
  expect([exitCode, stderr]).toEqual([0, ""]);
}

function terraformOf(stack: string): Terraform {
  const folder = stackFolder(join(clone.folder, "cdktf.out"), stack);
  return new Terraform(folder, { environment: { ...aws.environment, ...tfVariables(variables) } });
}

/** What a plan changes, but for what the local AWS gets wrong. */
function changes(plan: Plan): [address: string, actions: string][] {
  return plannedChanges(plan)
    .filter((change) => !isMotoGap(change))
    .map(({ address, actions }) => [address, actions.join(" ")]);
}

/** What a plan changes with one file changed, which it isn't any more afterwards. */
async function changesWith(file: string): Promise<[string, string][]> {
  const path = join(clone.folder, file);
  const original = readFileSync(path);
  appendFileSync(path, "\n");
  try {
    await synthesize();
    return changes(await app.plan());
  } finally {
    writeFileSync(path, original);
  }
}

const revision = (name: string): [string, string][] => [
  [`aws_ecs_service.${name}`, "update"],
  [`aws_ecs_task_definition.${name}`, "delete create"],
];

test(
  "an unchanged tree deploys nothing",
  async () => {
    await synthesize();
    expect(changes(await app.plan())).toEqual([]);
  },
  minute,
);

test(
  "Terraform computes the tags that build-push computes",
  async () => {
    const { built } = allImages(
      clone.folder,
      loadSettings({ directory: clone.folder, environment: settings }).settings,
    );
    const deployment = {
      domain: variables.cruddur_dns_name ?? "",
      region: "us-east-1",
      userPoolId: variables.cognito_user_pool_id ?? "",
      userPoolClientId: variables.cognito_user_pool_client_id ?? "",
    };
    const tags = Object.fromEntries(
      built.map(({ repository, content, buildArguments }) => [
        repository,
        imageTag(content, buildArguments?.(deployment)),
      ]),
    );
    const plan = await app.plan();
    const deployed = (plan.resource_changes ?? [])
      .filter(({ type }) => type === "aws_ecs_task_definition")
      .flatMap(({ change }) => JSON.parse(String(change.after?.container_definitions)) as { image: string }[])
      .map(({ image }) => image.replace("123456789012.dkr.ecr.us-east-1.amazonaws.com/", ""));
    expect(Object.keys(tags).sort()).toEqual(images);
    expect(deployed.sort()).toEqual(
      ["public.ecr.aws/xray/aws-xray-daemon", ...images.map((name) => `${name}:${tags[name]}`)].sort(),
    );
  },
  minute,
);

test(
  "a changed file of the authorizer is a new revision of its task definition and its service's move to that, alone",
  async () => {
    expect(await changesWith("authz/src/log.ts")).toEqual(revision("backend_authz"));
  },
  minute,
);

test(
  "a changed build argument is a new revision of the frontend, with what else reads the variable",
  async () => {
    await synthesize();
    const plan = await app.plan({ args: ["-var=cognito_user_pool_client_id=another"] });
    const changed = changes(plan).map(([address]) => address);
    expect(changed).toEqual([
      "aws_ecs_service.frontend_react_js",
      "aws_ecs_task_definition.frontend_react_js",
      'aws_ssm_parameter.secret["AWS_COGNITO_USER_POOL_CLIENT_ID"]',
    ]);
  },
  minute,
);
