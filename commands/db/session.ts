/** What the commands on the database share: the task that leads to it, the tunnel, and how PostgreSQL's programs are told. */
import type { Command } from "commander";
import { freePort } from "../../lib/free-port";
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import type { AwsOptions } from "../../operations/aws";
import type { Connection } from "../../operations/db/connection-url";
import { type ServiceFile, writeServiceFile } from "../../operations/db/service-file";
import { connectionSecret, storedConnection } from "../../operations/db/stored-connection";
import { openTunnel, type Tunnel } from "../../operations/db/tunnel";
import { execTarget, findTask } from "../../operations/ecs/exec-target";
import { requirePlugin } from "../../operations/ecs/session-manager-plugin";
import { servicesOf } from "../../services";
import { awsNamesOf } from "../../services/aws-names";
import type { Settings } from "../../settings/schema";
import { beginEcsSession } from "../ecs/session";
import { withAwsOptions } from "../shared/aws";

export interface DatabaseOptions extends AwsOptions {
  readonly service?: string;
}

export function withDatabase(command: Command): Command {
  return withAwsOptions(
    command.option(
      "--service <name>",
      "through a task of this service (default: the first one that gets CONNECTION_URL)",
    ),
  );
}

export interface Database {
  readonly connection: Connection;
  readonly tunnel: Tunnel;
  readonly file: ServiceFile;
  readonly settings: Settings;
}

/** The container that is known to reach the database: it gets its URL. */
function way(settings: Settings, wanted: string | undefined): readonly [service: string, container: string] {
  const services = servicesOf(settings);
  const isWay = ({ secrets = [] }: { readonly secrets?: readonly string[] }) => secrets.includes(connectionSecret);
  const service = services.find(({ name, containers }) =>
    wanted === undefined ? containers.some(isWay) : name === wanted,
  );
  if (service === undefined) {
    const names = services.map(({ name }) => name).join(", ");
    const what = wanted === undefined ? `gets ${connectionSecret}` : `is called ${shown(wanted)}`;
    throw new UserError(`No service of the settings ${what}: give one of ${names} with --service.`);
  }
  return [service.name, (service.containers.find(isWay) ?? service.containers[0]).name];
}

/**
 * Opens the tunnel for as long as the work takes.
 * @param localPort @default a free one
 */
export async function withTunnel(
  options: DatabaseOptions,
  work: (database: Database) => Promise<void>,
  localPort?: number,
): Promise<void> {
  const { config, ecs, cluster, settings, declared } = beginEcsSession(options);
  await requirePlugin();
  await requireAllowedAccount(config, settings);
  const { SSMClient } = require("@aws-sdk/client-ssm") as typeof import("@aws-sdk/client-ssm");
  const ssm = new SSMClient(config);
  const connection = await storedConnection(ssm, awsNamesOf(settings.environment).secretsPath);
  const [service, container] = way(settings, options.service);
  const target = execTarget(await findTask(ecs, cluster, service, declared), cluster, container);
  const { host, port } = connection;
  report(`Reaching ${host} through ${container} in the task ${target.taskId} of ${service}`);
  const profile = options.profile ?? process.env.AWS_PROFILE ?? "";
  const tunnel = await openTunnel(ssm, target, { host, port, profile, localPort: localPort ?? (await freePort()) });
  const file = writeServiceFile(connection, tunnel.port);
  try {
    await work({ connection, tunnel, file, settings });
  } finally {
    file.remove();
    await tunnel.close();
  }
}
