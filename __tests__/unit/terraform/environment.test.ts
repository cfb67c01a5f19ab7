import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromCaller } from "../../../lib/project";
import { terraformEnvironment } from "../../../terraform/environment";
import { refuseOtherStates, refuseStateArguments } from "../../../terraform/named-state";
import { projectFiles } from "../../../tools/clone-project";
import { project } from "../../support/project";

const passed = (...names: string[]) => {
  const { environment } = terraformEnvironment(Object.fromEntries(names.map((name) => [name, "x"])));
  return names.filter((name) => name in environment);
};

describe("what passes to Terraform", () => {
  test.each([
    ["the machine's", ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "HTTPS_PROXY", "no_proxy", "SSL_CERT_DIR"]],
    ["its Go run time's", ["GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS"]],
    ["credentials and region", ["AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_VAULT"]],
    ["the provider's own defaults", ["TF_AWS_DEFAULT_TAGS_Team"]],
    ["variables and logins", ["TF_VAR_db_password", "TF_TOKEN_app_example_com", "TF_PLUGIN_CACHE_DIR"]],
    ["the CLI's configuration", ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG", "TF_REGISTRY_CLIENT_TIMEOUT"]],
    ["what fetches modules", ["SSH_AUTH_SOCK", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_CONFIG_KEY_0", "NETRC"]],
    ["a version manager's choice", ["TFENV_TERRAFORM_VERSION", "ASDF_DATA_DIR"]],
    ["the container engine", ["DOCKER_HOST", "DOCKER_CONFIG"]],
  ])("%s", (_what, names) => {
    expect(passed(...names)).toEqual(names);
  });

  test.each([
    ["arguments", ["TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_CLI_ARGS_init", "TF_CLI_ARGS_state_pull"]],
    ["another state", ["TF_WORKSPACE", "TF_DATA_DIR", "TF_CLOUD_ORGANIZATION", "TF_HTTP_ADDRESS"]],
    ["another backend", ["TF_FORCE_LOCAL_BACKEND", "TF_STATE_PERSIST_INTERVAL"]],
    ["another provider", ["TF_REATTACH_PROVIDERS", "TF_DISABLE_PLUGIN_TLS", "TF_ACC"]],
    ["a log among the errors", ["TF_LOG", "TF_LOG_PROVIDER"]],
    ["what nobody knows yet", ["TF_SOMETHING_NEW"]],
  ])("not %s, which is named", (_what, names) => {
    expect(passed(...names)).toEqual([]);
    expect(terraformEnvironment(Object.fromEntries(names.map((name) => [name, "secret"]))).leftOut).toEqual(
      [...names].sort(),
    );
  });

  test("neither what isn't Terraform's, without a word", () => {
    const { environment, leftOut } = terraformEnvironment({
      EDITOR: "vi",
      GIT_DIR: "/r/.git",
      CLOUDFLARE_API_TOKEN: "t",
    });
    expect(environment).toEqual({ TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" });
    expect(leftOut).toEqual([]);
  });

  test("but what the setting names", () => {
    const caller = { CLOUDFLARE_API_TOKEN: "t", EDITOR: "vi" };
    expect(terraformEnvironment(caller, ["CLOUDFLARE_API_TOKEN"]).environment).toMatchObject({
      CLOUDFLARE_API_TOKEN: "t",
    });
  });

  test("a caller's wish to be asked changes nothing and isn't named; empty values aren't either", () => {
    const { environment, leftOut } = terraformEnvironment({ TF_INPUT: "1", TF_IN_AUTOMATION: "yes", TF_WORKSPACE: "" });
    expect([environment.TF_INPUT, leftOut]).toEqual(["0", []]);
  });

  test("a log that has a file", () => {
    const { environment } = terraformEnvironment({ TF_LOG: "trace", TF_LOG_PATH: "terraform.log" });
    expect(environment).toMatchObject({ TF_LOG: "trace", TF_LOG_PATH: fromCaller("terraform.log") });
  });

  test.each(["/dev/stderr", "/dev/stdout", "/proc/self/fd/2"])("not a log among the output, at %s", (path) => {
    const { environment, leftOut } = terraformEnvironment({ TF_LOG: "trace", TF_LOG_CORE: "trace", TF_LOG_PATH: path });
    expect([environment.TF_LOG, leftOut]).toEqual([undefined, ["TF_LOG", "TF_LOG_CORE", "TF_LOG_PATH"]]);
  });

  test("paths count from where the user called", () => {
    const { environment } = terraformEnvironment({ TF_CLI_CONFIG_FILE: "ci.tfrc", AWS_CONFIG_FILE: "~/.aws/other" });
    expect(environment).toMatchObject({ TF_CLI_CONFIG_FILE: fromCaller("ci.tfrc"), AWS_CONFIG_FILE: "~/.aws/other" });
  });
});

describe("what the environment says of the state that is meant", () => {
  test.each([
    [{ TF_WORKSPACE: "prod" }, 'TF_WORKSPACE is "prod"'],
    [{ TF_CLI_ARGS_plan: "-lock=false -state=other.tfstate" }, "TF_CLI_ARGS_plan has -state,"],
    [{ TF_CLI_ARGS: "--state other.tfstate" }, "TF_CLI_ARGS has -state,"],
    [{ TF_CLI_ARGS_init: '-backend-config="key=secret"' }, "TF_CLI_ARGS_init has -backend-config,"],
  ])("%j is refused by name, without its value", (environment, sentence) => {
    expect(() => refuseOtherStates(environment)).toThrow(sentence);
    expect(() => refuseOtherStates(environment)).not.toThrow(/other\.tfstate|secret/);
  });

  test("a workspace that is selected in a stack's folder is refused with the way back", () => {
    const folder = mkdtempSync(join(tmpdir(), "workspace-"));
    try {
      mkdirSync(join(folder, ".terraform"));
      writeFileSync(join(folder, ".terraform", "environment"), "default");
      expect(() => refuseOtherStates({}, [folder])).not.toThrow();
      writeFileSync(join(folder, ".terraform", "environment"), "prod\n");
      expect(() => refuseOtherStates({}, [folder])).toThrow(`terraform -chdir=${folder} workspace select default`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("what says nothing of it is not refused", () => {
    const environment = { TF_WORKSPACE: "default", TF_CLI_ARGS_plan: "-target=aws_x.state -refresh=false" };
    expect(() => refuseOtherStates(environment)).not.toThrow();
    expect(() => refuseStateArguments({ TF_CLI_ARGS_init: "-backend-config=x" }, ["state"])).not.toThrow();
  });
});

/** Starts of Terraform as they could be written. */
const starts = /\b(?:spawn|spawnSync|exec\w*|runProcess)\(\s*(?:terraformBinary\(\)|["'`](?:terraform|tofu)\b)/;

test("no other place starts a Terraform", () => {
  const files = projectFiles(project).filter(
    (file) => /\.(ts|mjs|js|sh)$/.test(file) && !/^(__tests__\/|\.)/.test(file),
  );
  expect(files.length).toBeGreaterThan(100);
  const starting = files.filter((file) => starts.test(readFileSync(join(project, file), "utf8")));
  expect(starting).toEqual(["terraform/terraform.ts"]);
});
