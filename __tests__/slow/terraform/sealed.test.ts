/** The real Terraform, started in an environment that means to change what it does. No provider, no backend, no AWS. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { currentArguments } from "../../../state/backend-record";
import { mirrorModule } from "../../../state/mirror";
import { pluginCache } from "../../../terraform/plugin-cache";
import { Terraform } from "../../../terraform/terraform";
import { linkVariableFiles } from "../../../terraform/variable-files";
import { variableValues } from "../../../terraform/variable-values";
import { defaultSettings } from "../../../tools/testing";
import { project } from "../../support/project";

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sealed-")));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(file: string, content: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** Runs with variables of the environment as a user's shell would have them. */
async function withEnvironment<T>(variables: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

const meant: Readonly<Record<string, string>> = {
  TF_CLI_ARGS: "-no-such-argument",
  TF_CLI_ARGS_plan: "-target=terraform_data.one -destroy",
  TF_CLI_ARGS_show: "-no-such-argument",
  TF_WORKSPACE: "prod",
  TF_LOG: "trace",
  TF_INPUT: "1",
  TF_REATTACH_PROVIDERS: "{",
};

test("a plan is whole, whatever the caller has set for Terraform", async () => {
  put("plan/main.tf", 'resource "terraform_data" "one" {}\nresource "terraform_data" "two" {}\n');
  const data = join(folder, "data");
  const plan = await withEnvironment({ ...meant, TF_DATA_DIR: data }, () => new Terraform(join(folder, "plan")).plan());
  expect(plan.resource_changes?.map(({ address, change }) => [address, change.actions])).toEqual([
    ["terraform_data.one", ["create"]],
    ["terraform_data.two", ["create"]],
  ]);
  expect(existsSync(data)).toBe(false);
});

test("values of variables are read all the same", async () => {
  const values = await withEnvironment({ ...meant, TF_VAR_db_username: "cruddurroot" }, () =>
    variableValues(["db_username"], []),
  );
  expect(values).toEqual({ db_username: "cruddurroot" });
});

test("what is left out is named once, without its value", async () => {
  const { stderr, exitCode } = await runProcess("npm", ["run", "--silent", "plan"], {
    cwd: project,
    environment: {
      ...process.env,
      TF_CLI_ARGS_plan: "-var=password=hunter2",
      TF_DATA_DIR: "x",
    },
  });
  expect(exitCode).toBe(1);
  expect(stderr.match(/runs here without .*: TF_CLI_ARGS_plan, TF_DATA_DIR$/gm)).toHaveLength(1);
  expect(stderr).not.toContain("hunter2");
});

/** Where each variable has values, from the weakest place to the strongest: the last one that has it wins. */
const sources = [
  "environment",
  "terraform.tfvars",
  "terraform.tfvars.json",
  ".#hidden.auto.tfvars",
  "B.auto.tfvars",
  "a.auto.tfvars",
  "a.auto.tfvars.json",
  "production.auto.tfvars",
  "given/z.tfvars",
  "given/a.tfvars.json",
];
const others = ["production.auto.tfvars~", "production.auto.tfvars.bak", "other.tfvars", "terraform.tfvars.example"];

test("values come from the same files in the same order as in the module's own folder", async () => {
  const names = sources.map((_, index) => `v${index}`);
  const declared = names.map((name) => `variable "${name}" {}\noutput "${name}" { value = var.${name} }\n`);
  const module = join("values", "deep", "er", "and", "deeper", "02-app");
  put(join(module, "main.tf"), declared.join(""));
  // A module of its own, far up, that refers to one beside it and to a file.
  put(
    join(module, "far.tf"),
    'module "far" { source = "../../../../../modules/far" }\noutput "far" { value = module.far.text }\n',
  );
  put(
    "values/modules/far/main.tf",
    'module "near" { source = "../near" }\noutput "text" { value = module.near.text }\n',
  );
  put("values/modules/near/main.tf", 'output "text" { value = file("${path.module}/../../text.txt") }\n');
  put("values/text.txt", "found");
  const environment: Record<string, string> = {};
  for (const [index, source] of [...sources, ...others].entries()) {
    // Each place has the values of its own variable and of all weaker ones.
    const values = names.filter((_, at) => (others.includes(source) ? true : at >= index));
    const text = source.endsWith(".json")
      ? JSON.stringify(Object.fromEntries(values.map((name) => [name, source])))
      : values.map((name) => `${name} = ${JSON.stringify(source)}\n`).join("");
    if (source === "environment") for (const name of values) environment[`TF_VAR_${name}`] = source;
    else put(source.startsWith("given/") ? source : join(module, source), text);
  }
  const args = sources.filter((source) => source.startsWith("given/")).map((file) => `-var-file=${join(folder, file)}`);

  const mirror = mirrorModule(join(folder, module), join(folder, "mirror"), { project, settings: defaultSettings() });
  const stack = join(folder, "stack");
  put("stack/main.tf", declared.join(""));
  linkVariableFiles(join(folder, module), stack);
  const outputs = async (directory: string) => {
    const options = { environment: { ...environment, TF_PLUGIN_CACHE_DIR: pluginCache(project) } };
    const terraform = new Terraform(directory, options);
    await terraform.init();
    const planned = (await terraform.plan({ args })).planned_values?.outputs ?? {};
    return Object.fromEntries(Object.entries(planned).map(([name, { value }]) => [name, value]));
  };
  const expected = Object.fromEntries(names.map((name, index) => [name, sources[index]]));
  expect(await outputs(join(folder, module))).toEqual({ ...expected, far: "found" });
  expect(await outputs(mirror.folder)).toEqual({ ...expected, far: "found" });
  expect(await outputs(stack)).toEqual(expected);
}, 120_000);

/** Every argument that an S3 backend had before 1.6 or has had since, with a value. */
const everyArgument = {
  acl: "private",
  assume_role_duration_seconds: 3600,
  assume_role_policy: '{"Version":"2012-10-17","Statement":[]}',
  assume_role_policy_arns: ["arn:aws:iam::123456789012:policy/p"],
  assume_role_tags: { Team: "web" },
  assume_role_transitive_tag_keys: ["Team"],
  bucket: "states",
  dynamodb_endpoint: "http://127.0.0.1:9",
  dynamodb_table: "locks",
  encrypt: "1",
  endpoint: "http://127.0.0.1:9",
  external_id: "external",
  force_path_style: true,
  iam_endpoint: "http://127.0.0.1:9",
  key: "a/k",
  lock_table: "locks",
  max_retries: 0,
  region: "eu-central-1",
  role_arn: "arn:aws:iam::123456789012:role/states",
  session_name: "team",
  shared_credentials_file: "credentials",
  skip_credentials_validation: true,
  skip_get_ec2_platforms: true,
  skip_metadata_api_check: "true",
  skip_region_validation: true,
  skip_requesting_account_id: true,
  sts_endpoint: "http://127.0.0.1:9",
  use_legacy_workflow: true,
};

test("today's backend understands what an older Terraform has recorded", async () => {
  const init = async (name: string, s3: object) => {
    put(`${name}/backend.tf.json`, JSON.stringify({ terraform: { backend: { s3 } } }));
    const environment = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_MAX_ATTEMPTS: "1" };
    return (await new Terraform(join(folder, name), { environment }).attempt("init", "-no-color")).stderr;
  };
  put("current/credentials", "");
  // As they were recorded they are refused; moved to their names, all is well up to the role, which nobody gives here.
  expect(await init("recorded", everyArgument)).toMatch(/Extraneous JSON object property/);
  const stderr = await init("current", currentArguments(everyArgument, join(folder, "current")));
  expect(stderr).toMatch(/Cannot assume IAM Role/);
  expect(stderr).not.toMatch(/Extraneous|Unsupported|Invalid|Conflict|Deprecated|Missing/);
}, 60_000);
