/** The images that run here: each built of the context that the deployed one is built of, under a hash of its content. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { envoyYaml } from "../../envoy/bootstrap";
import { requestPath } from "../../envoy/options";
import type { BuiltImage } from "../../images/built";
import { contentHash } from "../../images/content-hash";
import { type BuildContext, contextEntries } from "../../images/context";
import { type ImageDefinition, imageDefinitions, isMissing } from "../../images/definitions";
import { UserError } from "../../lib/user-error";
import { collectorYaml } from "../../otel-collector/configuration";
import { imageEntry } from "../../services/image-table";
import type { Settings } from "../../settings/schema";
import { localHoneycombEndpoint, localJwks, type Places, withLocalUrls } from "./differences";
import { withLoggedUser } from "./logged-user";
import { placeholderDomain } from "./places";
import { sampleContexts } from "./sample";
import type { LocalSeed } from "./seed";

export interface ImageInput {
  readonly project: string;
  readonly settings: Settings;
  readonly region: string;
  readonly places: Places;
  /** Where the browser finds the local AWS. */
  readonly localAwsUrl: string;
  /** Folders of Dockerfiles by repository, before those of the settings. */
  readonly contexts: ReadonlyMap<string, string>;
  /** Repositories whose folder is for development: its Dockerfile is taken, not Dockerfile.prod. */
  readonly development: ReadonlySet<string>;
}

export interface LocalImage extends BuiltImage {
  readonly arguments: Readonly<Record<string, string>>;
}

/** The machine's own: an image for another one would be emulated. */
export function localPlatform(architecture: string = process.arch): string {
  return architecture === "arm64" ? "linux/arm64" : "linux/amd64";
}

/** @throws UserError naming every repository whose folder nobody has told */
export function localImages(repositories: readonly string[], input: ImageInput): LocalImage[] {
  const { project, settings, places, contexts } = input;
  const { userPool } = places;
  const images = { ...settings.images, userPoolId: userPool.id, userPoolClientId: userPool.clientId };
  const samples = sampleContexts(project);
  const folders = Object.fromEntries(contexts);
  const wanted = imageDefinitions(project, { ...settings, images }, folders)
    .filter(({ repository }) => repositories.includes(repository))
    .map((one) => {
      const sample = isMissing(one) ? samples[one.repository] : undefined;
      return sample === undefined ? one : sampleDefinition(one.repository, sample);
    });
  const missing = wanted.filter(isMissing);
  if (missing.length > 0) {
    const reasons = missing.map(
      ({ repository, why, remedy }) => `${repository}: ${why}: ${remedy}, or give --context ${repository}=DIR`,
    );
    throw new UserError(
      `It isn't known what is in these images:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`,
    );
  }
  return wanted
    .filter((one): one is ImageDefinition => !isMissing(one))
    .map((one) => (one.isTeams ? one : reconfigured(one, input)))
    .map(({ repository, isTeams, context, buildArguments }) =>
      localImage(repository, developed(context(), input), buildArguments?.(buildDeployment(input)) ?? {}, {
        urls: places.urls,
        isTeams,
      }),
    );
}

interface LocalImageOptions {
  readonly urls?: Places["urls"];
  readonly isTeams?: boolean;
}

function localImage(
  repository: string,
  context: BuildContext,
  buildArguments: Readonly<Record<string, string>>,
  { urls = new Map(), isTeams = false }: LocalImageOptions = {},
): LocalImage {
  const platform = localPlatform();
  const values = Object.fromEntries(
    Object.entries(buildArguments).map(([name, value]) => [name, withLocalUrls(value, urls)]),
  );
  return {
    repository,
    isTeams,
    context,
    platform,
    content: contentHash(contextEntries(context), context.dockerfile, platform),
    arguments: values,
    buildArguments: () => values,
  };
}

export function buildDeployment({ region, places: { userPool } }: Pick<ImageInput, "region" | "places">) {
  return { domain: placeholderDomain, region, userPoolId: userPool.id, userPoolClientId: userPool.clientId };
}

function sampleDefinition(repository: string, context: BuildContext): ImageDefinition {
  const { buildArguments = [] } = imageEntry(repository) ?? {};
  return {
    repository,
    isTeams: true,
    context: () => context,
    buildArguments: (deployment) =>
      Object.fromEntries(buildArguments.map(({ name, value }) => [name, value(deployment)])),
  };
}

/** A folder that is mounted has its Dockerfile for development beside Dockerfile.prod. */
function developed(context: BuildContext, { development }: ImageInput): BuildContext {
  const dockerfile = "Dockerfile";
  const isThere = existsSync(join(context.folder, dockerfile));
  return development.has(context.name) && isThere ? { ...context, dockerfile } : context;
}

/** Envoy's and the collector's configuration, with what differs here. */
function reconfigured(image: ImageDefinition, { settings, places: { userPool } }: ImageInput): ImageDefinition {
  const isLocal = userPool.at === "local";
  const jwks = isLocal ? { jwks: localJwks(userPool.id) } : {};
  const options = settings.authz ? {} : { pool: userPool.id, client: userPool.clientId, ...jwks };
  const generated: Readonly<Record<string, () => string>> =
    image.repository === "envoy"
      ? { "envoy.yaml": () => withLoggedUser(envoyYaml(requestPath(options, settings))) }
      : { "config.yaml": () => collectorYaml({ honeycombEndpoint: localHoneycombEndpoint }) };
  return {
    ...image,
    context: () => ({
      ...image.context(),
      generated: Object.fromEntries(Object.entries(generated).map(([path, text]) => [path, text()])),
    }),
  };
}

const container = (project: string, name: string) => join(project, "local", "system", "container", name);

/** @param functions sources of the Lambda functions, by what calls them */
export function localAwsImage(
  project: string,
  seed: LocalSeed,
  functions: Readonly<Record<string, string>>,
): LocalImage {
  const sources = Object.entries(functions).map(([name, file]) => [`functions/${name}.py`, readFileSync(file, "utf8")]);
  return localImage(
    "local-aws",
    {
      name: "local-aws",
      folder: container(project, "aws"),
      dockerfile: "Dockerfile",
      generated: { "seed.json": JSON.stringify(seed), ...Object.fromEntries(sources) },
    },
    {},
  );
}

/** @param program the stand-in as one file of JavaScript */
export function localHoneycombImage(project: string, program: string): LocalImage {
  const generated = { "server.js": program };
  const folder = container(project, "honeycomb");
  return localImage("local-honeycomb", { name: "local-honeycomb", folder, dockerfile: "Dockerfile", generated }, {});
}

/** The frontend's image with its pages sent to the local AWS. @param frontend name of the image that it is made of */
export function localFrontendImage({ project, region, localAwsUrl }: ImageInput, frontend: string): LocalImage {
  return localImage(
    "frontend-react-js-local",
    { name: "frontend-react-js-local", folder: container(project, "frontend"), dockerfile: "Dockerfile" },
    { FRONTEND: frontend, COGNITO: `https://cognito-idp.${region}.amazonaws.com`, LOCAL_AWS: localAwsUrl },
  );
}
