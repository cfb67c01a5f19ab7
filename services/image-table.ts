/**
 * The project's images, one entry each: repositories, settings, build contexts and `bin/build-push` are all read from here. A
 * team's service brings its own image with `build` in its image reference (`services/images.ts`), and needs no entry.
 */
import { type BuildArgument, frontendBuildArguments } from "./frontend-build";

/** What an image is made of. */
export type ImageSource =
  | {
      readonly kind: "project";
      /** Build context, relative to the project. */
      readonly folder: string;
      /** Path in that folder. */
      readonly dockerfile: string;
      /** A configuration that is rendered into the context, and its file there. @default none */
      readonly rendered?: { readonly what: "envoy" | "collector"; readonly file: string };
    }
  | {
      /** A folder of the team's checkout, which the setting `images.SETTING` names. */
      readonly kind: "checkout";
      readonly setting: string;
      /** What is there, for the setting's description. */
      readonly holds: string;
    }
  /** A copy of an image of another registry, which the setting `images.SETTING` names. */
  | { readonly kind: "upstream"; readonly setting: string };

export interface ImageEntry {
  /** The repository in ECR. */
  readonly repository: string;
  /** What `bin/build-push` takes besides. @default the repository alone */
  readonly shortName?: string;
  readonly source: ImageSource;
  /** @default none */
  readonly buildArguments?: readonly BuildArgument[];
}

const entries = [
  { repository: "authz", source: { kind: "project", folder: ".", dockerfile: "authz/Dockerfile" } },
  {
    repository: "backend-flask",
    shortName: "backend",
    source: { kind: "checkout", setting: "backendFlask", holds: "Your backend" },
  },
  { repository: "cruddur-python", source: { kind: "upstream", setting: "pythonBase" } },
  {
    repository: "envoy",
    source: {
      kind: "project",
      folder: "envoy",
      dockerfile: "Dockerfile",
      rendered: { what: "envoy", file: "envoy.yaml" },
    },
  },
  {
    repository: "frontend-react-js",
    shortName: "frontend",
    source: { kind: "checkout", setting: "frontend", holds: "Your frontend" },
    buildArguments: frontendBuildArguments,
  },
  {
    repository: "otel-collector",
    source: {
      kind: "project",
      folder: "otel-collector",
      dockerfile: "Dockerfile",
      rendered: { what: "collector", file: "config.yaml" },
    },
  },
] as const satisfies readonly ImageEntry[];

type SourceOf<Kind> = Extract<(typeof entries)[number]["source"], { readonly kind: Kind }>;
export type CheckoutSource = SourceOf<"checkout">;
/** Below `images` in the settings. */
export type CheckoutSetting = CheckoutSource["setting"];
export type UpstreamSource = SourceOf<"upstream">;
export type ProjectSource = Extract<ImageSource, { readonly kind: "project" }>;
export type TableSource = ProjectSource | CheckoutSource | UpstreamSource;

/** In the order of the repositories' names. */
export const imageTable: readonly (ImageEntry & { readonly source: TableSource })[] = entries;

/** ECR repositories that exist whether or not a service uses them: they hold the team's images. */
export const repositoryNames: readonly string[] = imageTable.map(({ repository }) => repository);

export const checkoutSources: readonly CheckoutSource[] = imageTable.flatMap(({ source }) =>
  source.kind === "checkout" ? [source] : [],
);

/** @param name of the repository, or its short one @returns undefined for an image that only a team's service has */
export function imageEntry(name: string): (typeof imageTable)[number] | undefined {
  return imageTable.find(({ repository, shortName }) => name === repository || name === shortName);
}
