/** State commands called from an environment that a team has for its own Terraform runs. Real Terraform, provider, S3 backend. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, type Case, type Json, labForTests, managed } from "../../support/state/lab";

const minute = 60_000;
const { lab, newCase } = labForTests();

/** The old module in a folder of the case, with what a team has besides. */
function moduleOf(one: Case, files: Readonly<Record<string, string>>, folder = "old"): string {
  const module = join(one.folder, folder);
  mkdirSync(module, { recursive: true });
  cpSync(join(lab.module, "main.tf"), join(module, "main.tf"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(module, name, ".."), { recursive: true });
    writeFileSync(join(module, name), text);
  }
  return module;
}

const state = () => readFileSync(join(lab.module, "terraform.tfstate"), "utf8");

/** The lab's own value of the module's variable is not in the environment. */
const noValue = { TF_VAR_secret_value: undefined };

test(
  "a plan that looks at less is neither a check nor a proof",
  async () => {
    const one = await newCase("local");
    const environment = {
      TF_VAR_secret_value: "another",
      TF_CLI_ARGS_plan: "-target=aws_sqs_queue.jobs",
      TF_REATTACH_PROVIDERS: "{}",
    };
    const check = await one.command("check", ["--from", one.source], { environment });
    expect([check.exitCode, check.stdout]).toEqual([2, expect.stringContaining("aws_ssm_parameter.secret")]);
    expect(check.stderr.match(/without .*: TF_CLI_ARGS_plan, TF_REATTACH_PROVIDERS$/gm)).toHaveLength(1);
    const split = await one.split([], { environment });
    expect([split.exitCode, split.stdout]).toEqual([2, ""]);
  },
  4 * minute,
);

test(
  "the workspace of the old module is the one that is selected, for its state and for its plan",
  async () => {
    const one = await newCase("local");
    // A name of the workspace's own: in another one the old module plans a change that nobody sees in its state.
    const inProd = { ".terraform/environment": "prod", "terraform.tfstate.d/prod/terraform.tfstate": state() };
    const module = moduleOf(one, inProd);
    const main = join(module, "main.tf");
    const named = readFileSync(main, "utf8").replace(
      '"jobs"\n}',
      '"${trimsuffix("jobs${terraform.workspace}", "prod")}"\n}',
    );
    writeFileSync(main, named);
    for (const environment of [{}, { TF_WORKSPACE: "prod" }]) {
      const args = ["--from", module, "--hcl", module, "--json"];
      const { exitCode, stdout, stderr } = await one.command("check", args, { environment });
      expect([exitCode, JSON.parse(stdout).notPlanned]).toEqual([0, {}]);
      expect(stderr).toMatch(/^Taking the workspace "prod", which (TF_WORKSPACE|.*environment) selects$/m);
    }
    const other = await one.command("check", ["--from", module], { environment: { TF_WORKSPACE: "stage" } });
    expect([other.exitCode, other.stderr]).toEqual([
      1,
      expect.stringMatching(/there is no .*\/stage\/terraform\.tfstate/),
    ]);
    const own = await one.command("check", [], { environment: { TF_WORKSPACE: "prod" } });
    expect([own.exitCode, own.stderr]).toEqual([1, expect.stringContaining('TF_WORKSPACE is "prod"')]);
  },
  4 * minute,
);

test(
  "a workspace in S3 is split where its state lies",
  async () => {
    const one = await newCase("lock file");
    const key = `env:/prod/${one.key("app")}`;
    await lab.putObject(key, state());
    const config = { bucket: "cruddur-states", key: one.key("app"), region: "eu-central-1", use_path_style: true };
    const record = { backend: { type: "s3", config: { ...config, endpoints: { s3: one.proxy.endpoint } } } };
    const module = moduleOf(one, {
      "data/terraform.tfstate": JSON.stringify(record),
      "terraform.tfvars": `secret_value = ${JSON.stringify(lab.secret)}`,
    });
    const environment = { ...noValue, TF_DATA_DIR: "data", TF_WORKSPACE: "prod", CRUDDUR_BACKEND_KEYS_APP: key };
    const args = ["--from", module, "--hcl", module, "--runs", one.runs, "--apply"];
    const { exitCode, stderr } = await one.command("split", args, { environment });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('workspace "prod"')]);
    const written = await lab.objects("env:/prod");
    expect(managed(JSON.parse(written.get(key) ?? ""))).toEqual([...addresses.app].sort());
    // The first workspace's state, which the lab has put beside it, is nobody's business here.
    expect((await one.documents()).app).toEqual(lab.original);
  },
  4 * minute,
);

test(
  "values come from the module's own files, in Terraform's order, and from --var-file behind them",
  async () => {
    const one = await newCase("local");
    const value = (text: string) => `secret_value = ${JSON.stringify(text)}\n`;
    const module = moduleOf(
      one,
      {
        "terraform.tfvars": value("1"),
        "production.auto.tfvars": value(lab.secret),
        "far.tf": 'module "far" { source = "../../../../modules/far" }\n',
        "../../../../modules/far/main.tf": "",
      },
      "repository/infra/live/eu/02-app",
    );
    const args = ["--from", one.source, "--hcl", module, "--json"];
    const check = async (more: readonly string[]): Promise<Json> => {
      const result = await one.command("check", [...args, ...more], { environment: noValue });
      return { code: result.exitCode, ...JSON.parse(result.stdout) };
    };
    // A file that says nothing of it leaves the module's own.
    const file = join(one.folder, "more.tfvars");
    writeFileSync(file, "");
    expect(await check(["--var-file", file])).toMatchObject({ code: 0, findings: [], notPlanned: {} });
    writeFileSync(file, value("other"));
    const differing = await check(["--var-file", file]);
    expect(differing).toMatchObject({ code: 0, notPlanned: {} });
    const found = differing.findings.map(({ address, alsoByOldModule }: Json) => [address, alsoByOldModule]);
    expect(found).toContainEqual(["aws_ssm_parameter.secret", true]);
  },
  4 * minute,
);

describe("of an older Terraform", () => {
  test(
    "a backend's record with a role and endpoints leads to the state",
    async () => {
      const one = await newCase("lock file");
      const endpoint = one.proxy.endpoint;
      const config = {
        ...{ bucket: "cruddur-states", key: one.key("app"), region: "eu-central-1", encrypt: true, profile: null },
        ...{ role_arn: "arn:aws:iam::123456789012:role/states", session_name: "team", external_id: null },
        ...{ assume_role_duration_seconds: 3600, endpoint, sts_endpoint: endpoint, force_path_style: true },
        ...{ skip_get_ec2_platforms: true, dynamodb_endpoint: null, workspace_key_prefix: null },
      };
      const record = { version: 3, serial: 1, backend: { type: "s3", config, hash: 1 } };
      const module = moduleOf(one, { ".terraform/terraform.tfstate": JSON.stringify(record) });
      const { exitCode, stdout, stderr } = await one.command("check", ["--from", module, "--no-plan"]);
      expect([exitCode, stderr]).toEqual([0, expect.not.stringMatching(/Error/)]);
      expect(stdout).toContain("2 belong to network, 3 to app, 0 to neither");
    },
    2 * minute,
  );

  test(
    "a state that names providers without a source is planned and split",
    async () => {
      const one = await newCase("local");
      const names = ["provider.aws", 'provider["registry.terraform.io/-/aws"]'];
      const resources = lab.original.resources.map((resource: Json, index: number) => ({
        ...resource,
        provider: names[index % 2],
      }));
      await one.write("app", JSON.stringify({ ...lab.original, terraform_version: "0.12.31", resources }));
      const { exitCode, stderr } = await one.split(["--apply", "--hcl", lab.module]);
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("by today's names: provider")]);
      const { network, app } = await one.documents();
      expect([managed(network), managed(app)]).toEqual([[...addresses.network].sort(), [...addresses.app].sort()]);
      const named = [...network.resources, ...app.resources].map(({ provider }: Json) => provider);
      expect([...new Set(named)]).toEqual(['provider["registry.terraform.io/hashicorp/aws"]']);
      expect((await one.rollback()).exitCode).toBe(0);
    },
    4 * minute,
  );

  test(
    "a state of format 3 is read as Terraform upgrades it",
    async () => {
      const one = await newCase("local");
      const flat = (attributes: Json) =>
        Object.fromEntries(Object.entries(attributes).filter(([, value]) => typeof value === "string"));
      const resources = lab.original.resources.flatMap(({ type, name, instances }: Json) =>
        // Terraform 0.11 counts; it has no keys.
        instances.map(({ attributes }: Json, index: number) => [
          `${type}.${name}${instances.length === 1 ? "" : `.${index}`}`,
          {
            ...{ type, depends_on: [], deposed: [], provider: "provider.aws" },
            primary: { id: attributes.id, attributes: flat(attributes), meta: {}, tainted: false },
          },
        ]),
      );
      const root = { path: ["root"], outputs: {}, resources: Object.fromEntries(resources), depends_on: [] };
      const old = { version: 3, terraform_version: "0.11.14", serial: 5, lineage: "early", modules: [root] };
      await one.write("app", JSON.stringify(old));
      const { exitCode, stdout, stderr } = await one.command("check", ["--from", one.source, "--no-plan"]);
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("by today's names: provider")]);
      expect(stdout).toContain("5 managed instances");
    },
    2 * minute,
  );
});
