/**
 * The system as a compose file: the services that both stacks read, with what differs on a laptop, and what stands around them.
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
import { stringify } from "yaml";
import { type Container, isPublished, publishedEndpoint, type ServiceDefinition } from "../../services/definition";
import { type ImageReference, imageUri, isOwnImage } from "../../services/images";
import { databaseName, serviceConnectDomain } from "../../services/names";
import { isLeftOut, localVariables, type Places, type Variables } from "./differences";
import {
  addresses,
  type HostPorts,
  type Placed,
  placedContainers,
  routeLabel,
  type Surrounding,
  surroundingPorts,
  surroundings,
} from "./places";

export interface ComposeService {
  readonly image: string;
  readonly container_name: string;
  /** @default pulled where it isn't there */
  readonly pull_policy?: "never";
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Variables;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
  };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly networks: Readonly<Record<string, { readonly ipv4_address: string; readonly mac_address: string }>>;
  readonly extra_hosts?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Of an IPv4 address, as Docker once made it: a container that starts again keeps it, so that its neighbours needn't find out that
 * the address has another one now.
 */
export function hardwareAddress(ipv4: string): string {
  return ["02", "42", ...ipv4.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"))].join(":");
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly ipam: { readonly config: readonly { subnet: string }[] } }>>;
}

/** A folder of this machine in the place of one in the image. */
export interface Mount {
  readonly folder: string;
  readonly target: string;
}

export interface LocalSystem {
  /** What engines call the whole. */
  readonly name: string;
  readonly services: readonly ServiceDefinition[];
  readonly region: string;
  readonly places: Places;
  readonly hostPorts: HostPorts;
  readonly subnet: string;
  /** Names of the images that were built here, by repository. */
  readonly images: ReadonlyMap<string, string>;
  readonly surroundingImages: Readonly<Record<Surrounding, string>>;
  /** SQL files that a new database runs, in this order. */
  readonly databaseFiles: readonly string[];
  /** By the container's name. @default none */
  readonly mounts?: ReadonlyMap<string, Mount>;
}

/** As deployed but for the interval: 3 failures after a first minute there, within the same minute here. */
const checked = { interval: "3s", timeout: "5s", retries: 20 };
/** Envoy's options. Otherwise it keeps lines of its log to itself for ten seconds. */
const quickLog = ["--file-flush-interval-msec", "500"];
const network = serviceConnectDomain;
/** By which a container tells the service that it belongs to. */
export const serviceLabel = "cruddur.service";
/** The user of the local database. */
export const databaseUser = "cruddurroot";

/** The containers that run here. */
export function runningContainers(services: readonly ServiceDefinition[]): Placed[] {
  return placedContainers(services).filter(({ container }) => !isLeftOut(container));
}

/** Repositories of our own whose images run. */
export function localRepositories(services: readonly ServiceDefinition[]): string[] {
  const images = runningContainers(services).map(({ container }) => container.image);
  return [...new Set(images.filter(isOwnImage).map(({ repository }) => repository))];
}

export function composeFile(system: LocalSystem): ComposeFile {
  const placed = runningContainers(system.services);
  const names = [...Object.values(surroundings), ...placed.map(({ name }) => name)];
  const addressOf = addresses(names, system.subnet);
  const address = (name: string) => addressOf.get(name) ?? "";
  const extraHosts = [
    ...Object.values(surroundings).map((name) => `${name}:${address(name)}`),
    ...placed.flatMap(({ name, container }) =>
      container.ports.filter(isPublished).map((port) => `${publishedEndpoint(port).host}:${address(name)}`),
    ),
  ];
  const common = (name: string) => ({
    container_name: `${system.name}-${name}`,
    networks: { [network]: { ipv4_address: address(name), mac_address: hardwareAddress(address(name)) } },
  });
  const around = surroundingServices(system);
  return {
    name: system.name,
    services: {
      ...Object.fromEntries(
        Object.entries(around).map(([name, service]) => [
          name,
          { ...service, ...common(name), extra_hosts: extraHosts.slice(0, names.length - placed.length) },
        ]),
      ),
      ...Object.fromEntries(
        placed.map((one) => [
          one.name,
          { ...containerService(one, system), ...common(one.name), extra_hosts: extraHosts },
        ]),
      ),
    },
    networks: { [network]: { ipam: { config: [{ subnet: system.subnet }] } } },
  };
}

type Composed = Omit<ComposeService, "container_name" | "networks" | "extra_hosts">;

function containerService(placed: Placed, system: LocalSystem): Composed {
  const { container, service, name } = placed;
  const environment = localVariables(placed, system.region, system.places);
  const mount = system.mounts?.get(name);
  const ports = publishedPorts(placed, system.hostPorts);
  return {
    ...imageOf(container.image, system.images),
    ...(container.user === undefined ? {} : { user: container.user }),
    ...(Object.keys(environment).length === 0 ? {} : { environment: escaped(environment) }),
    ...(isEnvoy(container.image) ? { command: quickLog } : {}),
    ...(container.healthCheckCommand === undefined
      ? {}
      : { healthcheck: { test: ["CMD-SHELL", dollars(container.healthCheckCommand)], ...checked } }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(mount === undefined ? {} : { volumes: [`${mount.folder}:${mount.target}`] }),
    ...temporaryFolders(container),
    labels: { [serviceLabel]: service.name },
  };
}

/** Of the project's images, which declare them as VOLUME: an engine's own volume would outlive the container. */
function temporaryFolders({ imageUser, writablePaths }: Container): Pick<ComposeService, "tmpfs"> {
  return imageUser === undefined || writablePaths === undefined ? {} : { tmpfs: writablePaths };
}

function imageOf(image: ImageReference, built: LocalSystem["images"]): Pick<ComposeService, "image" | "pull_policy"> {
  if (!isOwnImage(image)) return { image: imageUri(image, "") };
  const name = built.get(image.repository);
  if (name === undefined) throw new Error(`There is no image of ${image.repository}`);
  return { image: name, pull_policy: "never" };
}

function isEnvoy(image: ImageReference): boolean {
  return isOwnImage(image) && image.repository === "envoy";
}

/** On the loopback interface, as all ports of the system. */
function loopback(hostPort: number | undefined, port: number): string {
  return `127.0.0.1:${hostPort}:${port}`;
}

/** The container of a route, at the port of the route. */
function publishedPorts({ service, container }: Placed, hostPorts: HostPorts): string[] {
  const { route, containers } = service;
  if (route === undefined || (route.containerName ?? containers[0].name) !== container.name) return [];
  return [loopback(hostPorts.get(routeLabel(route)), route.containerPort)];
}

function surroundingServices({ surroundingImages, hostPorts, databaseFiles }: LocalSystem): Record<string, Composed> {
  const published = (name: Surrounding) => [loopback(hostPorts.get(name), surroundingPorts[name])];
  return {
    [surroundings.aws]: {
      image: surroundingImages.aws,
      pull_policy: "never",
      environment: { CONNECTION_URL: null },
      healthcheck: { test: ["CMD", "python3", "/local-aws/health.py"], ...checked },
      ports: published("aws"),
    },
    [surroundings.database]: {
      image: surroundingImages.database,
      environment: { POSTGRES_USER: databaseUser, POSTGRES_DB: databaseName, POSTGRES_PASSWORD: null },
      // By TCP: while a new database runs its files, it listens on a socket alone.
      healthcheck: {
        test: ["CMD-SHELL", `pg_isready -h 127.0.0.1 -U ${databaseUser} -d ${databaseName}`],
        ...checked,
      },
      ports: published("database"),
      volumes: databaseFiles.map(
        (file, index) => `${file}:/docker-entrypoint-initdb.d/${index + 1}-${file.split("/").at(-1)}:ro,z`,
      ),
    },
    [surroundings.honeycomb]: {
      image: surroundingImages.honeycomb,
      pull_policy: "never",
      healthcheck: {
        test: ["CMD", "node", "-e", `fetch("http://127.0.0.1:${surroundingPorts.honeycomb}/traces")`],
        ...checked,
      },
      ports: published("honeycomb"),
    },
  };
}

/** A dollar sign begins a variable of the file's language. */
function dollars(text: string): string {
  return text.replaceAll("$", "$$$$");
}

function escaped(variables: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value === null ? null : dollars(value)]),
  );
}

/** As an engine reads it. Secrets are none in it. */
export function composeYaml(file: ComposeFile): string {
  return `# Made by "npm run local -- up" of services/ and local/system/differences.ts: changes belong there.\n${stringify(file, { lineWidth: 0 })}`;
}
