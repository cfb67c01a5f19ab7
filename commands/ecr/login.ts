/** Logs a container engine in to the account's ECR. */
import { ECRClient } from "@aws-sdk/client-ecr";
import { registryLogin } from "../../images/ecr";
import { Engine, engineVariable } from "../../images/engine";
import { project } from "../../lib/project";
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import { type AwsOptions, clientConfig } from "../../operations/aws";
import { isEcrHost, registryHost } from "../../services/images";
import { loadSettings } from "../../settings/load";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type JsonOption, withJson } from "../shared/options";

interface Options extends AwsOptions, JsonOption {
  readonly engine?: string;
  readonly registry?: string;
}

const command = withAwsOptions(
  withJson(
    newCommand(
      "bin/ecr/login",
      "Logs the container engine in to the account's ECR, for twelve hours. The token goes by standard input.",
    )
      .option(
        "--registry <host>",
        "log in there with ECR's token, for a host in front of ECR (default: the account's ECR)",
      )
      .option(
        "--engine <command>",
        `docker, podman, or a command with the same arguments (default: ${engineVariable}, else the first found)`,
      ),
    "{registry, expiresAt}",
  ),
);

/** ECR's token goes to ECR, or where the user has it go: never to whatever host a settings file names. */
function requireEcr({ command: engine }: Engine, given: string | undefined, setting: string | undefined): void {
  if (given !== undefined || setting === undefined || isEcrHost(registryHost(setting))) return;
  throw new UserError(
    `images.registry is ${shown(setting)}, which isn't ECR and gets none of its tokens: run ${engine} login ${registryHost(setting)}, or give --registry for a host in front of ECR.`,
  );
}

performOnAws<Options>(command, async (options) => {
  const { settings } = loadSettings({ directory: project });
  const engine = await Engine.find(options.engine, report);
  requireEcr(engine, options.registry, settings.images.registry);
  const config = clientConfig(options);
  await requireAllowedAccount(config, settings);
  const login = await registryLogin(new ECRClient(config));
  const registry = options.registry ?? login.registry;
  await engine.run(["login", "--username", login.username, "--password-stdin", registry], registry, login.password);
  const { expiresAt } = login;
  console.log(
    options.json
      ? JSON.stringify({ registry, expiresAt }, null, 2)
      : `Logged in to ${registry}${expiresAt === undefined ? "" : ` until ${expiresAt.toISOString()}`}`,
  );
});
