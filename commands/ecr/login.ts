/** Logs a container engine in to the account's ECR. */
import { resolve } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { Command } from "commander";
import { registryLogin } from "../../images/ecr";
import { Engine, engineVariable } from "../../images/engine";
import { report } from "../../lib/report";
import { requireAllowedAccount } from "../../operations/account";
import { type AwsOptions, clientConfig, performOnAws, withAwsOptions } from "../../operations/aws";
import { loadSettings } from "../../settings/load";

interface Options extends AwsOptions {
  readonly engine?: string;
  readonly registry?: string;
  readonly json: boolean;
}

const command = withAwsOptions(
  new Command("bin/ecr/login")
    .description(
      "Logs the container engine in to the account's ECR, for twelve hours. The token goes by standard input.",
    )
    .option("--registry <host>", "log in there with ECR's token (default: the setting images.registry, else ECR)")
    .option("--engine <command>", `docker, podman or the like (default: ${engineVariable}, else the first found)`)
    .option("--json", "as JSON: {registry, expiresAt}", false),
);

async function main(): Promise<void> {
  const options = command.parse().opts<Options>();
  const directory = resolve(__dirname, "..", "..");
  const { settings } = loadSettings({ directory });
  const engine = await Engine.find(options.engine, report);
  const config = clientConfig(options);
  await requireAllowedAccount(config, settings);
  const login = await registryLogin(new ECRClient(config));
  const registry = options.registry ?? settings.images.registry ?? login.registry;
  await engine.run(["login", "--username", login.username, "--password-stdin", registry], registry, login.password);
  const { expiresAt } = login;
  console.log(
    options.json
      ? JSON.stringify({ registry, expiresAt }, null, 2)
      : `Logged in to ${registry}${expiresAt === undefined ? "" : ` until ${expiresAt.toISOString()}`}`,
  );
}

performOnAws(main);
