/**
 * Task definitions and containers in the one form in which the same is equal: without what ECS takes by itself where nothing
 * is given, and without an order where none counts.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
import { type Fields, maps } from "./task-definition";

/** What ECS takes where nothing is given, by place; list items have no place of their own. */
const taskDefaults: Readonly<Record<string, unknown>> = {
  enableFaultInjection: false,
  // GiB. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
  "ephemeralStorage.sizeInGiB": 20,
  networkMode: "bridge",
  "proxyConfiguration.type": "APPMESH",
  "runtimePlatform.cpuArchitecture": "X86_64",
  "runtimePlatform.operatingSystemFamily": "LINUX",
  "volumes.configuredAtLaunch": false,
  "volumes.dockerVolumeConfiguration.autoprovision": false,
  "volumes.dockerVolumeConfiguration.driver": "local",
  "volumes.dockerVolumeConfiguration.scope": "task",
  "volumes.efsVolumeConfiguration.authorizationConfig.iam": "DISABLED",
  "volumes.efsVolumeConfiguration.rootDirectory": "/",
  "volumes.efsVolumeConfiguration.transitEncryption": "DISABLED",
  "volumes.efsVolumeConfiguration.transitEncryptionPort": 0,
};

/** Times are in seconds. */
const containerDefaults: Readonly<Record<string, unknown>> = {
  cpu: 0,
  disableNetworking: false,
  essential: true,
  "healthCheck.interval": 30,
  "healthCheck.retries": 3,
  "healthCheck.startPeriod": 0,
  "healthCheck.timeout": 5,
  interactive: false,
  "linuxParameters.initProcessEnabled": false,
  "mountPoints.readOnly": false,
  "portMappings.hostPort": 0,
  "portMappings.protocol": "tcp",
  privileged: false,
  pseudoTerminal: false,
  readonlyRootFilesystem: false,
  "restartPolicy.enabled": false,
  "restartPolicy.restartAttemptPeriod": 300,
  stopTimeout: 30,
  versionConsistency: "enabled",
  "volumesFrom.readOnly": false,
};

/** Lists whose order means something: of any other it doesn't. */
const ordered = new Set(["command", "entryPoint", "dnsServers", "dnsSearchDomains", "environmentFiles"]);

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function normalized(value: unknown, place: string, defaults: Fields): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  const key = place.slice(place.lastIndexOf(".") + 1);
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    if (ordered.has(key)) return value;
    return value.map((item) => normalized(item, place, defaults)).sort(byText);
  }
  if (!isObject(value)) return String(value) === String(defaults[place]) ? undefined : String(value);
  if (maps.has(key)) return Object.keys(value).length === 0 ? undefined : sorted(Object.entries(value));
  const entries = Object.entries(value).map(([name, inner]) => {
    return [name, normalized(inner, place === "" ? name : `${place}.${name}`, defaults)] as const;
  });
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length === 0 ? undefined : sorted(kept);
}

function byText(one: unknown, other: unknown): number {
  const [a = "", b = ""] = [one, other].map((value) => JSON.stringify(value));
  return a < b ? -1 : Number(a > b);
}

function sorted(entries: readonly (readonly [string, unknown])[]): Fields {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `1 vCPU` is 1024 units and `2 GB` 2048 MiB. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
function size(value: unknown): unknown {
  const [, number, unit] = /^\s*([\d.]+)\s*(vcpu|gb)\s*$/i.exec(String(value)) ?? [];
  return unit === undefined ? value : Number(number) * 1024;
}

/** Whether the container's port is the host's by itself: tasks of these modes have no ports but their containers'. */
function sharesPorts(networkMode: unknown): boolean {
  return networkMode === "awsvpc" || networkMode === "host";
}

function withoutOwnHostPort(mapping: unknown): unknown {
  if (!isObject(mapping) || mapping.hostPort !== mapping.containerPort) return mapping;
  const { hostPort: _, ...rest } = mapping;
  return rest;
}

/**
 * One argument of a container, in a form that is equal where it means the same.
 * @param networkMode of its task. @default awsvpc, as all of Fargate
 */
export function normalizedContainerArgument(name: string, value: unknown, networkMode: unknown = "awsvpc"): unknown {
  const mapped =
    name === "portMappings" && Array.isArray(value) && sharesPorts(networkMode) ? value.map(withoutOwnHostPort) : value;
  return normalized(mapped, name, containerDefaults);
}

/** One argument of a task definition beside its containers, likewise. */
export function normalizedTaskArgument(name: string, value: unknown): unknown {
  return normalized(name === "cpu" || name === "memory" ? size(value) : value, name, taskDefaults);
}

/** What ECS takes at a place of a task definition where nothing is given: `runtimePlatform.cpuArchitecture`. */
export function taskDefault(place: string): unknown {
  return taskDefaults[place];
}
