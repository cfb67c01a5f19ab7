/** What the commands on the cluster share: where AWS is, and which services the settings have. */
import type { ECSClient } from "@aws-sdk/client-ecs";
import { project } from "../../lib/project";
import { type AwsOptions, type ClientConfig, clientConfig } from "../../operations/aws";
import { ecsClient } from "../../operations/ecs/client";
import { servicesOf } from "../../services";
import { awsNamesOf } from "../../services/aws-names";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";

export interface EcsSession {
  readonly config: ClientConfig;
  readonly ecs: ECSClient;
  readonly cluster: string;
  readonly settings: Settings;
  /** Names of the services of the settings. */
  readonly declared: readonly string[];
}

export function beginEcsSession(options: AwsOptions): EcsSession {
  const { settings } = loadSettings({ directory: project });
  const config = clientConfig(options);
  const declared = servicesOf(settings).map(({ name }) => name);
  return { config, ecs: ecsClient(config), cluster: awsNamesOf(settings.environment).cluster, settings, declared };
}
