/**
 * What a service is, as data. Both stacks read the same list: `network` makes target group, rule and record of a
 * `route`, `app` makes task definition, service and Service Connect names of the rest.
 */
import type { ImageReference } from "./images";
import { serviceConnectDomain } from "./names";

/** What a container's environment may depend on. The values can be Terraform expressions: pass them on as they are. */
export interface Deployment {
  readonly domain: string;
  readonly region: string;
}

/** A port of a container. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
export interface Port {
  readonly name: string;
  readonly containerPort: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** What Service Connect counts requests by. @default none: the port is opaque */
  readonly appProtocol?: "http" | "http2" | "grpc";
  /** Whether Service Connect publishes `NAME.cruddur:PORT`. @default true for a port with `appProtocol` */
  readonly published?: boolean;
}

/** A container of a task. Composed with an array: the first is the service itself, the others its sidecars. */
export interface Container {
  readonly name: string;
  readonly image: ImageReference;
  readonly ports: readonly Port[];
  /** Run by the container's shell; exit 0 is healthy. @default none: ECS watches the process alone */
  readonly healthCheckCommand?: string;
  /** @default no variables */
  readonly environment?: (deployment: Deployment) => Readonly<Record<string, string>>;
  /**
   * SSM parameters that ECS puts into the environment under the same name: of `secretNames`, or of some service's
   * `ownSecrets`. @default none
   */
  readonly secrets?: readonly string[];
  /** User or UID in the container. @default the image's */
  readonly user?: string;
  /** UID of the image, for a task definition that is to name it (hardening step namedUsers). @default none is named */
  readonly imageUser?: string;
  /**
   * Folders into which the process writes, where the root is read-only otherwise (hardening step readOnlyRoot). Fargate gives them
   * to root alone, but with the modes of the image where that declares them as VOLUME. @default none
   */
  readonly writablePaths?: readonly string[];
  /** Linux capabilities that the process needs, where it loses all others (hardening step droppedCapabilities). @default none */
  readonly capabilities?: readonly string[];
  /** Prefix of the log stream. @default the container's name */
  readonly logStreamPrefix?: string;
  /** AWS-managed policies that the process needs of the task role, by name. @default none */
  readonly awsManagedPolicies?: readonly string[];
}

/** How requests from outside reach a container: by the domain itself, or by a host below it. */
export type Route = {
  /** Name of the target group (at most 32 characters), and with `_` for `-` its Terraform name. @default SERVICE-tg */
  readonly targetGroupName?: string;
  /** @default the service's first container */
  readonly containerName?: string;
  readonly containerPort: number;
  readonly healthCheckPath: string;
  /** @default the port that gets the traffic */
  readonly healthCheckPort?: number;
} & (
  | {
      /** The domain itself, by the listener's default action; the record's Terraform name is given. One service can. */
      readonly apexRecord: string;
      readonly hostLabel?: never;
      readonly priority?: never;
    }
  | {
      /** `LABEL.DOMAIN`, by a rule of the listener. */
      readonly hostLabel: string;
      /** 1 to 50000, lowest first, one rule each. Leave gaps: a changed priority is a change to a live rule. */
      readonly priority: number;
      readonly apexRecord?: never;
    }
);

export interface ServiceDefinition {
  /** Name of the ECS service and of the task family; with `_` for `-` it is the Terraform name of both. */
  readonly name: string;
  /** CPU units, 1024 a vCPU. Fargate takes fixed pairs with memory. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly containers: readonly [Container, ...Container[]];
  /** @default none: reached through Service Connect only */
  readonly route?: Route;
  /**
   * Names of further SSM parameters for containers' `secrets`: `ORDERS_API_KEY`. Each has its value from a sensitive
   * Terraform variable of the same name in lower case: `orders_api_key`. @default none
   */
  readonly ownSecrets?: readonly string[];
  /**
   * What its processes may do by a role of its own (hardening step serviceRoles), beside what its containers need of AWS-managed
   * policies. @default no role of its own: that of all tasks
   */
  readonly grants?: readonly ServiceGrant[];
}

/** `messages`: reads and writes the table of messages. */
export type ServiceGrant = "messages";

/** The Terraform variable that holds the value of a service's own secret. */
export function secretVariable(secret: string): string {
  return secret.toLowerCase();
}

export function ownSecretsOf(services: readonly ServiceDefinition[]): string[] {
  return services.flatMap(({ ownSecrets = [] }) => ownSecrets);
}

/** The Terraform name of what has this name in AWS: `backend-flask` is `backend_flask`, `2fa` is `_2fa`. */
export function underscored(awsName: string): string {
  return awsName.replace(/\W/g, "_").replace(/^\d/, "_$&");
}

/** The Terraform name of a route's record, and of its rule. */
export function routeName(route: Route): string {
  return route.apexRecord ?? underscored(route.hostLabel);
}

export function targetGroupName(service: ServiceDefinition): string {
  return service.route?.targetGroupName ?? `${service.name}-tg`;
}

/** A TCP port that speaks HTTP and is published by Service Connect. */
export function httpPort(name: string, containerPort: number): Port {
  return { name, containerPort, appProtocol: "http" };
}

/**
 * Where Service Connect publishes a port to the other tasks of the cluster.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
export function publishedEndpoint({ name, containerPort }: Pick<Port, "name" | "containerPort">): {
  readonly host: string;
  readonly port: number;
} {
  return { host: `${name}.${serviceConnectDomain}`, port: containerPort };
}

export function isPublished(port: Port): boolean {
  return port.published ?? port.appProtocol !== undefined;
}
