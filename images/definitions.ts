/**
 * The images of the system and what each is built of: ours in this project, backend and frontend in the team's checkout,
 * whose folders are settings. To build one more, add it to the list.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { envoyYaml } from "../envoy/bootstrap";
import { requestPath } from "../envoy/options";
import { UserError } from "../lib/user-error";
import { collectorYaml } from "../otel-collector/configuration";
import { collectorOptions } from "../otel-collector/options";
import { type FrontendBuild, frontendBuildArguments } from "../services/frontend-build";
import type { Settings } from "../settings/schema";
import type { BuildContext } from "./context";

/** What build arguments may depend on. In a stack the values are Terraform expressions: pass them on as they are. */
export type BuildDeployment = FrontendBuild;

export interface ImageDefinition {
  /** The repository in ECR. */
  readonly repository: string;
  /** @throws UserError where the settings lack something that the image needs */
  readonly context: () => BuildContext;
  /** @default none */
  readonly buildArguments?: (deployment: BuildDeployment) => Readonly<Record<string, string>>;
}

/** An image whose folder is a setting that nobody has set. */
export interface MissingImage {
  readonly repository: string;
  readonly setting: string;
}

export function isMissing(image: ImageDefinition | MissingImage): image is MissingImage {
  return "setting" in image;
}

/** @param project the project's folder, from which relative ones count */
export function imageDefinitions(project: string, settings: Settings): (ImageDefinition | MissingImage)[] {
  const { backendFlask, frontend } = settings.images;
  return [
    { repository: "authz", context: () => ({ name: "authz", folder: project, dockerfile: "authz/Dockerfile" }) },
    { repository: "envoy", context: () => envoyContext(project, settings) },
    { repository: "otel-collector", context: () => collectorContext(project, settings) },
    backendFlask === undefined
      ? { repository: "backend-flask", setting: "images.backendFlask" }
      : { repository: "backend-flask", context: () => teamContext("backend-flask", resolve(project, backendFlask)) },
    frontend === undefined
      ? { repository: "frontend-react-js", setting: "images.frontend" }
      : {
          repository: "frontend-react-js",
          context: () => teamContext("frontend-react-js", resolve(project, frontend)),
          buildArguments: (deployment) =>
            Object.fromEntries(frontendBuildArguments.map(({ name, value }) => [name, value(deployment)])),
        },
  ];
}

/** A folder of the team's checkout. `Dockerfile.prod` is the one of what is deployed, where there are two. */
export function teamContext(name: string, folder: string): BuildContext {
  const production = "Dockerfile.prod";
  return { name, folder, dockerfile: existsSync(join(folder, production)) ? production : "Dockerfile" };
}

/** Envoy with its configuration as `npm run render` writes it. */
function envoyContext(project: string, settings: Settings): BuildContext {
  const { userPoolId: pool, userPoolClientId: client } = settings.images;
  if (!settings.authz && (pool === undefined || client === undefined)) {
    throw new UserError(
      "images.userPoolId and images.userPoolClientId are needed for Envoy's image, as authz is false: give the ids of user pool and client that Envoy verifies tokens of.",
    );
  }
  const options = settings.authz ? {} : { pool, client };
  return {
    name: "envoy",
    folder: join(project, "envoy"),
    dockerfile: "Dockerfile",
    generated: { "envoy.yaml": envoyYaml(requestPath(options, settings)) },
  };
}

/** The collector with its configuration as `npm run render:collector` writes it. */
function collectorContext(project: string, settings: Settings): BuildContext {
  return {
    name: "otel-collector",
    folder: join(project, "otel-collector"),
    dockerfile: "Dockerfile",
    generated: { "config.yaml": collectorYaml(collectorOptions({}, settings)) },
  };
}
