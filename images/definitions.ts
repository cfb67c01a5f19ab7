/** What each image is built from, for this project's folder and settings. Which images there are: `services/image-table.ts`. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { envoyYaml } from "../envoy/bootstrap";
import { requestPath } from "../envoy/options";
import { UserError } from "../lib/user-error";
import { collectorYaml } from "../otel-collector/configuration";
import { collectorOptions } from "../otel-collector/options";
import { servicesOf } from "../services";
import type { FrontendBuild } from "../services/frontend-build";
import { imageEntry, imageTable, type ProjectSource } from "../services/image-table";
import { ownImages } from "../services/image-tags";
import { envoySettings } from "../settings/envoy";
import type { Settings } from "../settings/schema";
import type { BuildContext } from "./context";

/** What build arguments may depend on. In a stack the values are Terraform expressions: pass them on as they are. */
export type BuildDeployment = FrontendBuild;

export interface ImageDefinition {
  /** The repository in ECR. */
  readonly repository: string;
  /** Whether its Dockerfile is the team's. */
  readonly isTeams: boolean;
  /** @throws UserError where the settings lack something that the image needs */
  readonly context: () => BuildContext;
  /** @default none */
  readonly buildArguments?: (deployment: BuildDeployment) => Readonly<Record<string, string>>;
}

/** An image whose folder nobody has named. */
export interface MissingImage {
  readonly repository: string;
  /** Why: a clause. */
  readonly why: string;
  /** What names it. */
  readonly remedy: string;
}

export function isMissing(image: ImageDefinition | MissingImage): image is MissingImage {
  return "why" in image;
}

/** @param folders given ones by repository, which go before those of services and settings */
export function imageDefinitions(
  project: string,
  settings: Settings,
  folders: Readonly<Record<string, string>> = {},
): (ImageDefinition | MissingImage)[] {
  const own = ownImages(servicesOf(settings));
  const built = imageTable.filter(({ source }) => source.kind !== "upstream").map(({ repository }) => repository);
  const copied = imageTable.filter(({ source }) => source.kind === "upstream").map(({ repository }) => repository);
  const repositories = new Set([...built, ...[...own.keys()].filter((repository) => !copied.includes(repository))]);
  return [...repositories].map((repository) => {
    const { source, buildArguments } = imageEntry(repository) ?? {};
    const build = own.get(repository)?.build;
    const given = folders[repository] ?? build?.context;
    const definition = {
      repository,
      isTeams: true,
      buildArguments:
        buildArguments &&
        ((deployment: BuildDeployment) =>
          Object.fromEntries(buildArguments.map(({ name, value }) => [name, value(deployment)]))),
    };
    if (given !== undefined) {
      return { ...definition, context: () => teamContext(repository, resolve(project, given), build?.dockerfile) };
    }
    if (source?.kind === "project") {
      return {
        ...definition,
        isTeams: false,
        context: () => projectContext(repository, source, project, settings),
      };
    }
    if (source?.kind !== "checkout") {
      const remedy = `give its image a build context in additions/services.ts: build: { context: "…" }`;
      return { repository, why: "its entry in the list of services has no build context", remedy };
    }
    const folder = settings.images[source.setting];
    const setting = `images.${source.setting}`;
    return folder === undefined
      ? { repository, why: `the setting ${setting} is not set`, remedy: `set ${setting} in the settings` }
      : { ...definition, context: () => teamContext(repository, resolve(project, folder)) };
  });
}

/** A folder of the team's checkout. `Dockerfile.prod` is the one of what is deployed, where there are two. */
export function teamContext(name: string, folder: string, dockerfile?: string): BuildContext {
  const production = "Dockerfile.prod";
  const usual = existsSync(join(folder, production)) ? production : "Dockerfile";
  return { name, folder, dockerfile: dockerfile ?? usual };
}

function projectContext(
  name: string,
  { folder, dockerfile, rendered }: ProjectSource,
  project: string,
  settings: Settings,
): BuildContext {
  const context = { name, folder: join(project, folder), dockerfile };
  if (rendered === undefined) return context;
  return { ...context, generated: { [rendered.file]: renderings[rendered.what](settings) } };
}

const renderings = { envoy: envoyConfiguration, collector: collectorConfiguration };

/** As `npm run render` writes it. */
function envoyConfiguration(settings: Settings): string {
  const { userPoolId: pool, userPoolClientId: client } = settings.images;
  if (!settings.authz && (pool === undefined || client === undefined)) {
    throw new UserError(
      "images.userPoolId and images.userPoolClientId are needed for Envoy's image, as authz is false: give the ids of user pool and client that Envoy verifies tokens of.",
    );
  }
  return envoyYaml(requestPath(settings.authz ? {} : { pool, client }, envoySettings(settings)));
}

/** As `npm run render:collector` writes it. */
function collectorConfiguration(settings: Settings): string {
  return collectorYaml(collectorOptions({}, settings));
}
