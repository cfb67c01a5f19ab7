/** Starts the system: what is missing is built, then the database, the local AWS, and all the rest at once, as ECS does it. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { UserError } from "../../lib/user-error";
import { servicesOf } from "../../services";
import { ownSecretsOf } from "../../services/definition";
import { databaseName } from "../../services/names";
import { lambdaFunctionsOf } from "../../settings/lambda-functions";
import type { Settings } from "../../settings/schema";
import { buildImage, localImageName, workingFolder } from "./build";
import { startContainers } from "./compose";
import {
  type ComposeFile,
  composeFile,
  composeYaml,
  databaseUser,
  localRepositories,
  type Mount,
  runningContainers,
} from "./compose-file";
import { databaseFiles } from "./database";
import { localSecrets, type Places, type UserPoolPlace } from "./differences";
import { findComposeEngine } from "./engine";
import { functionSources } from "./functions";
import { type ImageInput, localAwsImage, localFrontendImage, localHoneycombImage, localImages } from "./images";
import { type HostPorts, hostPorts, localUrl, localUrls, subnetPrefix, surroundingPorts, surroundings } from "./places";
import type { SystemFolder, SystemRecord } from "./record";
import { sampleFolder } from "./sample";
import { localSeed } from "./seed";

export const systemName = "cruddur-local";

export interface UpOptions {
  readonly project: string;
  readonly settings: Settings;
  /** The synthesized JSON of the stack `app`. */
  readonly app: unknown;
  /** The Honeycomb stand-in as one file of JavaScript. */
  readonly honeycomb: string;
  readonly engine?: string;
  readonly subnet: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly declared: SystemRecord["declared"];
  /** Folders by repository. */
  readonly contexts: ReadonlyMap<string, string>;
  /** The same, of folders that are mounted over the image's. */
  readonly mounts: ReadonlyMap<string, string>;
  /** Source files by the function's name. */
  readonly functions: ReadonlyMap<string, string>;
  /** The team's own user pool. @default the local one */
  readonly userPool?: { readonly id: string; readonly clientId: string };
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The pool's id begins with its region. */
const localPool: UserPoolPlace = { at: "local", id: "us-east-1_Local", clientId: "cruddurlocalclient" };

function regionOf({ id }: UserPoolPlace): string {
  return id.split("_")[0] ?? "";
}

/** @throws UserError for what can't be started, with what to do */
export async function up(options: UpOptions, folder: SystemFolder): Promise<SystemRecord> {
  const { project, settings, report, signal } = options;
  const services = servicesOf(settings);
  subnetPrefix(options.subnet);
  const ports = hostPorts(services, options.ports);
  const userPool: UserPoolPlace = options.userPool ? { at: "aws", ...options.userPool } : localPool;
  const region = regionOf(userPool);
  const places: Places = { urls: localUrls(services, ports), userPool };
  const input: ImageInput = {
    project,
    settings,
    region,
    places,
    localAwsUrl: localUrl(ports.get("aws")),
    contexts: new Map([...options.contexts, ...options.mounts]),
    development: new Set(options.mounts.keys()),
  };
  requireMountable(options.mounts, localRepositories(services));
  const images = localImages(localRepositories(services), input);
  const backend = backendFolder(options);
  const functions = functionSources({
    project,
    functions: lambdaFunctionsOf(settings),
    backend,
    told: options.functions,
  });
  const engine = await findComposeEngine(options.engine);
  report(`With ${engine.description}`);
  const before = folder.record();
  if (before === undefined) await requireFreePorts(ports);
  folder.make();
  const database = databaseFiles(backend ?? sampleFolder(project, "backend-flask"), folder);
  const notes = [...functions.notes, ...database.notes];
  for (const note of notes) report(`NOTE: ${note}`);

  const build = (image: Parameters<typeof buildImage>[2]) =>
    buildImage(project, engine.program, image, { report, signal });
  const seed = localSeed(options.app, regionOf(localPool), localPool);
  const names = new Map<string, string>();
  const surroundingImages = {
    aws: await build(localAwsImage(project, seed, functions.files)),
    honeycomb: await build(localHoneycombImage(project, options.honeycomb)),
    database: `docker.io/library/postgres:${settings.database.engineVersion}`,
  };
  for (const image of images) names.set(image.repository, await build(image));
  const frontend = names.get("frontend-react-js");
  if (frontend !== undefined && userPool.at === "local") {
    names.set("frontend-react-js", await build(localFrontendImage(input, frontend)));
  }
  const mounts = new Map<string, Mount>();
  for (const { name, container } of runningContainers(services)) {
    const mounted = options.mounts.get(container.image.repository);
    const image = names.get(container.image.repository);
    if (mounted === undefined || image === undefined) continue;
    mounts.set(name, { folder: resolve(mounted), target: await workingFolder(engine.program, image) });
  }
  const file = composeFile({
    name: systemName,
    services,
    region,
    places,
    hostPorts: ports,
    subnet: options.subnet,
    images: names,
    surroundingImages,
    databaseFiles: database.files,
    mounts,
  });
  const record: SystemRecord = {
    name: systemName,
    engine,
    containers: containersOf(file, services),
    ports: Object.fromEntries(ports),
    userPool,
    declared: options.declared,
    images: [
      ...new Set([
        ...images.map(localImageName),
        ...names.values(),
        surroundingImages.aws,
        surroundingImages.honeycomb,
      ]),
    ],
    notes,
  };
  folder.write("system.json", JSON.stringify(record, null, 2));
  folder.write("compose.yaml", composeYaml(file));
  await startContainers(record, folder, file, { ...options, secrets: secretsOf(folder, record, services) });
  return record;
}

/** The team's folder of the backend, by option or setting. */
function backendFolder({ project, settings, contexts, mounts }: UpOptions): string | undefined {
  const told = mounts.get("backend-flask") ?? contexts.get("backend-flask");
  if (told !== undefined) return resolve(told);
  const { backendFlask } = settings.images;
  return backendFlask === undefined ? undefined : resolve(project, backendFlask);
}

function requireMountable(mounts: ReadonlyMap<string, string>, repositories: readonly string[]): void {
  for (const name of mounts.keys()) {
    if (!repositories.includes(name)) {
      throw new UserError(`--mount is for ${name}, which is no image of the system: give ${repositories.join(", ")}.`);
    }
    if (name === "frontend-react-js") {
      throw new UserError(
        "--mount is for frontend-react-js, whose image has a built bundle: run your bundler's own server instead, with BACKEND_URL as the system's page shows it.",
      );
    }
  }
}

function containersOf(
  file: ComposeFile,
  services: Parameters<typeof runningContainers>[0],
): SystemRecord["containers"] {
  const placed = new Map(runningContainers(services).map(({ name, service }) => [name, service.name]));
  return Object.entries(file.services).map(([name, { image, networks }]) => ({
    name,
    service: placed.get(name) ?? name,
    image,
    address: Object.values(networks)[0]?.ipv4_address ?? "",
  }));
}

/** @throws UserError naming every port that something listens on */
async function requireFreePorts(ports: HostPorts): Promise<void> {
  const taken: string[] = [];
  for (const [name, port] of ports) if (!(await isFree(port))) taken.push(`${port} (${name})`);
  if (taken.length === 0) return;
  const which = taken.length === 1 ? `port ${taken[0]}` : `ports ${taken.join(", ")}`;
  throw new UserError(`Something listens on ${which} already: end it, or give another with --port NAME=PORT.`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((settle) => {
    server.once("error", () => settle(false));
    server.listen(port, "127.0.0.1", () => server.close(() => settle(true)));
  });
}

function secretsOf(
  folder: SystemFolder,
  { userPool }: SystemRecord,
  services: Parameters<typeof ownSecretsOf>[0],
): Record<string, string> {
  // The database's own, for as long as it stands.
  const password = folder.read("database-password") ?? randomBytes(18).toString("hex");
  folder.write("database-password", password);
  const host = `${surroundings.database}:${surroundingPorts.database}`;
  const url = `postgresql://${databaseUser}:${password}@${host}/${databaseName}`;
  return { ...localSecrets(userPool, url, ownSecretsOf(services)), POSTGRES_PASSWORD: password };
}
