/**
 * The environment of every Terraform that this project starts. It is built from a list of what may pass: whatever else the
 * caller has set could change what is planned, or which state is meant.
 * https://developer.hashicorp.com/terraform/cli/config/environment-variables
 */
import { fromCaller } from "../lib/project";
import { report } from "../lib/report";
import { toolName } from "./tool";

type Name = string | RegExp;

/** What programs need to find themselves, their user and the network. */
const machine: readonly Name[] = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", /^LC_/],
  ...["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", /^XDG_/, "DBUS_SESSION_BUS_ADDRESS"],
  ...[/^(https?|no|all)_proxy$/i, "SSL_CERT_FILE", "SSL_CERT_DIR", "NIX_SSL_CERT_FILE"],
  // Of Go's run time: how much memory and how many processors Terraform and a provider may use.
  ...["GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS"],
  // Version managers put a program of their own in Terraform's place.
  /^(TFENV|TENV|TOFUENV|ASDF|MISE)_/,
];

/** Values of variables, the CLI's configuration, its logins, caches and retries. */
const terraform: readonly Name[] = [
  ...[
    /^TF_VAR_/,
    "TF_CLI_CONFIG_FILE",
    "TERRAFORM_CONFIG",
    /^TF_TOKEN_/,
    /^TF_REGISTRY_/,
    "TF_PROVIDER_DOWNLOAD_RETRY",
  ],
  ...["TF_PLUGIN_CACHE_DIR", "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", "TF_APPEND_USER_AGENT"],
  // OpenTofu's: without it an encrypted state can't be read.
  "TF_ENCRYPTION",
];

/** Credentials, region, endpoints; the AWS provider's own defaults (`TF_AWS_DEFAULT_TAGS_…`); the engine for images. */
const providers: readonly Name[] = [/^AWS_/, /^TF_AWS_/, /^DOCKER_/, "CONTAINER_HOST", "REGISTRY_AUTH_FILE"];

/** Modules are fetched by git and ssh. What names a repository (`GIT_DIR`), as in a hook, stays out. */
const modules: readonly Name[] = [
  ...["SSH_AUTH_SOCK", "SSH_ASKPASS", "NETRC", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_TERMINAL_PROMPT"],
  ...["GIT_PROXY_COMMAND", /^GIT_(SSL|HTTP)_/, /^GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/],
];

const passing = [...machine, ...terraform, ...providers, ...modules];

/** Terraform works in folders of its own: a relative path counts from where the user called. */
const paths: readonly Name[] = [
  ...["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG", "TF_PLUGIN_CACHE_DIR", "TF_LOG_PATH", "SSL_CERT_FILE", "AWS_CA_BUNDLE"],
  ...["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "DOCKER_CONFIG"],
  ...["DOCKER_CERT_PATH", "NETRC"],
];

/** Set for each run; a caller's own value of these changes nothing. */
const own = { TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" };

const isOneOf = (names: readonly Name[], name: string) =>
  names.some((one) => (typeof one === "string" ? one === name : one.test(name)));

export interface TerraformEnvironment {
  readonly environment: NodeJS.ProcessEnv;
  /** Names of what the caller has set for Terraform and doesn't pass, sorted. */
  readonly leftOut: readonly string[];
}

/**
 * @param caller the environment that the command was called with
 * @param further names of variables that a team's own providers read
 */
export function terraformEnvironment(caller: NodeJS.ProcessEnv, further: readonly string[] = []): TerraformEnvironment {
  const environment: NodeJS.ProcessEnv = {};
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || value === "") continue;
    // Without a file, the log would lie among the output or the errors, with all values in it.
    const isLog = name.startsWith("TF_LOG") && /^(?!\/(dev|proc)\/)./.test(caller.TF_LOG_PATH ?? "");
    if (isLog || isOneOf(passing, name) || further.includes(name)) {
      environment[name] = isOneOf(paths, name) && !value.startsWith("~") ? fromCaller(value) : value;
    } else if (/^(TF|TOFU)_/.test(name) && !(name in own)) {
      leftOut.push(name);
    }
  }
  return { environment: { ...environment, ...own }, leftOut: leftOut.sort() };
}

let isTold = false;

/** The process's own environment, sealed. The first call says what is left out. */
export function sealedEnvironment(further: readonly string[] = []): NodeJS.ProcessEnv {
  const { environment, leftOut } = terraformEnvironment(process.env, further);
  if (!isTold && leftOut.length > 0) {
    report(`${toolName()} runs here without what the environment sets for it: ${leftOut.join(", ")}`);
  }
  isTold = true;
  return environment;
}
