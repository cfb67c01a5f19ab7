import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerFindings } from "../../../../state/check/provider-settings";
import type { StateDocument } from "../../../../state/document";
import { JsonValue } from "../../../../state/json-bytes";
import type { Plan } from "../../../../terraform/plan";
import { ModuleSource } from "../../../../terraform/source/module";

const folder = mkdtempSync(join(tmpdir(), "provider-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = `provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/deploy"
  }
  endpoints {
    s3 = "http://x"
  }
}
`;

const provider = 'provider["registry.terraform.io/hashicorp/aws"]';

function state(...names: string[]): StateDocument {
  const resources = names.map((name) => ({
    mode: "managed" as const,
    type: "aws_sqs_queue",
    name,
    provider,
    instances: [
      {
        json: JsonValue.of({
          attributes: { name, tags: null, tags_all: name === "other" ? { Team: "b" } : { Team: "a" } },
        }),
      },
    ],
  }));
  return { version: 4, terraform_version: "", serial: 1, lineage: "", outputs: {}, resources };
}

function plan(changes: Readonly<Record<string, object>>, expressions: object): Plan {
  const resource_changes = Object.entries(changes).map(([name, change]) => ({
    address: `aws_sqs_queue.${name}`,
    mode: "managed",
    type: "aws_sqs_queue",
    change: { before: null, after: null, after_unknown: {}, ...change },
  }));
  return { resource_changes, configuration: { provider_config: { aws: { expressions } } } } as unknown as Plan;
}

const old = {
  region: { constant_value: "eu-west-1" },
  assume_role: [{ role_arn: { constant_value: "arn:aws:iam::123456789012:role/deploy" } }],
};

async function found(app: Plan | undefined, failed: readonly string[] = [], names = ["a", "b", "other"]) {
  writeFileSync(join(folder, "main.tf"), source);
  const context = {
    origins: new Map(),
    source: await ModuleSource.read(folder),
    relocated: new Map(),
    secrets: ["hunter22"],
  };
  return providerFindings(state(...names), { app, old: plan({}, old) }, context, failed);
}

const gone = { actions: ["create"], after: {} };

test("objects that aren't found, and the settings that decide where to look", async () => {
  const { findings, causeOf } = await found(plan({ a: gone, b: gone }, {}));
  expect(findings).toMatchObject([
    {
      kind: "provider setting",
      address: "provider.aws",
      consequence: "Terraform doesn't find 2 objects of the state, and would create them",
      detail: 'region = "eu-west-1"; assume_role: arn:aws:iam::123456789012:role/deploy; endpoints',
      oldModule: "main.tf:2",
    },
  ]);
  expect(findings[0]?.lines).toEqual(
    expect.arrayContaining([
      "AWS_REGION=eu-west-1",
      'app.aws.provider.assumeRole = [{ roleArn: "arn:aws:iam::123456789012:role/deploy" }];',
    ]),
  );
  expect(causeOf("app", "aws_sqs_queue.a", [])).toBe("provider.aws");
});

test("a stack that can't be planned is told with the same settings", async () => {
  expect((await found(undefined, ["app"])).findings).toMatchObject([{ consequence: "a stack can't be planned" }]);
});

test("where everything is found, where the provider looks is nobody's concern", async () => {
  const update = { actions: ["update"], before: { name: "a" }, after: { name: "b" } };
  expect((await found(plan({ a: update }, {}))).findings).toEqual([]);
  expect((await found(plan({ a: gone }, {}), [], ["b"])).findings).toEqual([]);
});

test("default tags: the value that most have; others stay the object's own", async () => {
  const loses = (team: string) => ({
    actions: ["update"],
    before: { tags: { Team: team }, tags_all: { Team: team } },
    after: { tags: null, tags_all: {} },
  });
  const { findings, causeOf } = await found(plan({ a: loses("a"), b: loses("a"), other: loses("b") }, {}));
  expect(findings).toMatchObject([{ where: "setting defaultTags", lines: ['"defaultTags": {"Team":"a"}'] }]);
  expect(causeOf("app", "aws_sqs_queue.a", ["tags", "Team"])).toBe("provider.aws");
  expect(causeOf("app", "aws_sqs_queue.b", ["tags_all", "Team"])).toBe("provider.aws");
  expect(causeOf("app", "aws_sqs_queue.other", ["tags", "Team"])).toBeUndefined();
});

test("a default tag of the stacks that the old module doesn't have", async () => {
  const gains = {
    actions: ["update"],
    before: { tags_all: { Team: "a" } },
    after: { tags_all: { Team: "a", New: "x" } },
  };
  const expressions = { default_tags: [{ tags: { constant_value: { Team: "a", New: "x" } } }] };
  const { findings } = await found(plan({ a: gains }, expressions));
  expect(findings).toMatchObject([{ detail: 'default_tags: "New" = nothing', lines: ['"defaultTags": {"Team":"a"}'] }]);
});

test("a secret in a tag isn't shown", async () => {
  const loses = { actions: ["update"], before: { tags: { Team: "hunter22" } }, after: { tags: null } };
  const context = { origins: new Map(), source: ModuleSource.none, relocated: new Map(), secrets: ["hunter22"] };
  const json = JsonValue.of({ attributes: { tags_all: { Team: "hunter22" } } });
  const document = { ...state("a"), resources: state("a").resources.map((one) => ({ ...one, instances: [{ json }] })) };
  const { findings } = providerFindings(document, { app: plan({ a: loses }, {}) }, context, []);
  expect(findings).toHaveLength(1);
  expect(JSON.stringify(findings)).not.toContain("hunter22");
});

test("what a provider with an alias sets is told with it, and none of the others' tags", async () => {
  const loses = {
    actions: ["update"],
    before: { tags: { Team: "a" }, tags_all: { Team: "a" } },
    after: { tags: null, tags_all: {} },
  };
  const resources = state("a").resources.map((one) => ({ ...one, provider: `${provider}.other-Älias` }));
  const stack = plan({ a: loses }, {});
  const configuration = {
    provider_config: {},
    root_module: { resources: [{ address: "aws_sqs_queue.a", mode: "managed", provider_config_key: "aws" }] },
  };
  const expressions = {
    default_tags: [{ tags: { constant_value: { Team: "a" } } }],
    secret_key: { constant_value: "hunter22" },
    region: { references: ["var.region"] },
  };
  const theirs = { configuration: { provider_config: { "aws.other-Älias": { alias: "other-Älias", expressions } } } };
  const context = { origins: new Map(), source: ModuleSource.none, relocated: new Map(), secrets: [] };
  const plans = { app: { ...stack, configuration }, old: theirs } as unknown as Parameters<typeof providerFindings>[1];
  const { findings } = providerFindings({ ...state("a"), resources }, plans, context, []);
  expect(findings.map(({ address, lines }) => [address, lines])).toEqual([
    [
      "provider.aws.other-Älias",
      [
        'new AwsProvider(this, "aws_other__lias", { alias: "other-Älias", defaultTags: [{"tags":{"Team":"a"}}], secretKey: …, region: … });',
        'setArgument(app, "aws_sqs_queue.a", "provider", "aws.other-Älias");',
      ],
    ],
  ]);
});
