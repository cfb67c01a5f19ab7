/**
 * The life of a team's service as docs/adding-a-service.md tells it: the page's own example, planned and applied by the real
 * Terraform on a copy of the deployed system, and taken away again.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { runProcess } from "../../lib/run-process";
import { isMotoGap } from "../../local/aws/gaps";
import { tfVariables } from "../../local/trial/sample-variables";
import type { Plan } from "../../terraform/plan";
import { plannedChanges } from "../../terraform/plan-changes";
import { Terraform } from "../../terraform/terraform";
import { type Clone, cloneProject } from "../../tools/clone-project";
import { type Deployed, deployedSystem } from "../support/aws/deployed";
import { project, type Settings, stackFolder } from "../support/project";
import { encodedForms } from "../support/secrets";

const minute = 60_000;
const stacks = ["network", "app"] as const;
type Stack = (typeof stacks)[number];
const value = `orders-<>&"$%{x}\${y}\\'+/=~${Math.random().toString(36).slice(2)}`;
const address = 'aws_ssm_parameter.secret["ORDERS_API_KEY"]';
let deployed: Deployed;
let clone: Clone;

const synthesizedFile = (stack: Stack) => join(stackFolder(join(clone.folder, "cdktf.out"), stack), "cdk.tf.json");

async function synthesize(settings: Settings = {}): Promise<void> {
  const { exitCode, stderr } = await runProcess(process.execPath, ["tools/run.mjs", "main.ts"], {
    cwd: clone.folder,
    environment: { ...process.env, ...settings },
  });
  expect([exitCode, stderr]).toEqual([0, ""]);
}

function terraformOf(stack: Stack): Terraform {
  const environment = { ...deployed.aws.environment, ...tfVariables({ ...deployed.variables, orders_api_key: value }) };
  return new Terraform(stackFolder(join(clone.folder, "cdktf.out"), stack), { environment });
}

/** Instances by what happens to them, but for what the local AWS gets wrong. */
function changes(plan: Plan): Record<string, string[]> {
  const byAction: Record<string, string[]> = {};
  for (const change of plannedChanges(plan).filter((one) => !isMotoGap(one))) {
    const action = change.actions.join(" ");
    byAction[action] = [...(byAction[action] ?? []), change.address].sort();
  }
  return byAction;
}

beforeAll(async () => {
  const page = readFileSync(join(project, "docs", "adding-a-service.md"), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
  deployed = await deployedSystem();
  clone = cloneProject(project);
  deployed.writeStates(clone.folder);
  writeFileSync(join(clone.folder, "additions", "services.ts"), example);
  await synthesize();
  for (const stack of stacks) await terraformOf(stack).init();
}, 10 * minute);

afterAll(async () => {
  await deployed?.aws.stop();
  clone?.remove();
});

test(
  "its plan only creates, and its own secret is a parameter whose value is in the sensitive variable alone",
  async () => {
    expect(changes(await terraformOf("network").plan({ file: "added" }))).toEqual({
      create: ["aws_lb_listener_rule.orders", "aws_lb_target_group.orders_tg", "aws_route53_record.orders"],
    });
    await terraformOf("network").apply("added");

    const plan = await terraformOf("app").plan({ file: "added" });
    expect(changes(plan)).toEqual({
      create: [
        'aws_ecr_repository.repo["orders"]',
        "aws_ecs_service.orders",
        "aws_ecs_task_definition.orders",
        address,
      ],
    });
    const planned = plan.resource_changes?.find((change) => change.address === address)?.change;
    expect(planned).toMatchObject({
      after: { type: "SecureString", value },
      after_sensitive: expect.objectContaining({ value: true }),
    });
    const printed = await terraformOf("app").attempt("show", "-no-color", "added");
    expect(printed.stdout).toContain(address);
    const texts = [printed.stdout, ...stacks.map((stack) => readFileSync(synthesizedFile(stack), "utf8"))];
    for (const form of encodedForms(value)) for (const text of texts) expect(text).not.toContain(form);

    await terraformOf("app").apply("added");
    const client = new SSMClient({
      endpoint: deployed.aws.endpoint,
      region: deployed.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const { Parameter } = await client.send(
      new GetParameterCommand({ Name: "/cruddur/backend-flask/ORDERS_API_KEY", WithDecryption: true }),
    );
    expect(Parameter).toMatchObject({ Type: "SecureString", Value: value });
  },
  4 * minute,
);

describe("when it is taken out of the list", () => {
  const gone = ["aws_ecs_service.orders", "aws_ecs_task_definition.orders", address].sort();
  const refusal = async (terraform: Terraform, ...args: string[]) => {
    const { exitCode, stderr } = await terraform.attempt("plan", "-no-color", "-input=false", ...args);
    return { exitCode, refused: [...stderr.matchAll(/^.*Resource (\S+) has\s/gm)].map(([, one]) => one), stderr };
  };

  beforeAll(async () => {
    writeFileSync(
      join(clone.folder, "additions", "services.ts"),
      readFileSync(join(project, "additions", "services.ts")),
    );
    await synthesize();
  }, minute);

  test(
    "its repository alone is in the way, as the page says",
    async () => {
      const { exitCode, refused, stderr } = await refusal(terraformOf("app"));
      expect([exitCode, refused]).toEqual([1, ['aws_ecr_repository.repo["orders"]']]);
      expect(stderr).toContain("Instance cannot be destroyed");
    },
    2 * minute,
  );

  test(
    "with the protection of repositories lifted it goes, with its images; database, table and user pool stay protected",
    async () => {
      await synthesize({ CRUDDUR_PREVENT_DESTROY_EXCEPT: '["repositories"]' });
      const app = terraformOf("app");
      expect(changes(await app.plan())).toEqual({ delete: ['aws_ecr_repository.repo["orders"]', ...gone].sort() });
      const protectedOnes = [
        "aws_cognito_user_pool.cruddur",
        "aws_db_instance.cruddur",
        "aws_dynamodb_table.cruddur_messages_table",
      ];
      const { exitCode, refused } = await refusal(app, "-destroy", ...protectedOnes.map((one) => `-target=${one}`));
      expect([exitCode, refused.sort()]).toEqual([1, protectedOnes]);
    },
    2 * minute,
  );

  test(
    "with its repository out of the state the rest goes, in app and in network",
    async () => {
      await synthesize();
      const app = terraformOf("app");
      const removed = await app.attempt("state", "rm", 'aws_ecr_repository.repo["orders"]');
      expect([removed.exitCode, removed.stderr]).toEqual([0, ""]);
      expect(changes(await app.plan())).toEqual({ delete: gone });
      expect(changes(await terraformOf("network").plan())).toEqual({
        delete: ["aws_lb_listener_rule.orders", "aws_lb_target_group.orders_tg", "aws_route53_record.orders"],
      });
    },
    2 * minute,
  );
});
