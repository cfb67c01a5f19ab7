/** What the commands on the cluster share: where AWS is, and which services the settings have. */
import { resolve } from "node:path";
import { ECSClient } from "@aws-sdk/client-ecs";
import { type AwsOptions, type ClientConfig, clientConfig } from "../../operations/aws";
import { servicesOf } from "../../services";
import { clusterName } from "../../services/names";
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
  const { settings } = loadSettings({ directory: resolve(__dirname, "..", "..") });
  const config = clientConfig(options);
  const declared = servicesOf(settings).map(({ name }) => name);
  return { config, ecs: new ECSClient(config), cluster: clusterName, settings, declared };
}
