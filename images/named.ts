/** The image that a user names on the command line. */
import { suggestion } from "../lib/nearest";
import { shown, UserError } from "../lib/user-error";
import { servicesOf } from "../services";
import { imageEntry, imageTable, type UpstreamSource } from "../services/image-table";
import { repositoriesOf } from "../services/image-tags";
import type { Settings } from "../settings/schema";
import { type ImageDefinition, imageDefinitions, isMissing } from "./definitions";

/** Names that are taken: every repository, and the table's short names. */
export function imageNames(settings: Settings): string[] {
  return repositoriesOf(servicesOf(settings));
}

/** @throws UserError for a name of no image */
export function repositoryOf(name: string, settings: Settings): string {
  const names = imageNames(settings);
  const repository = imageEntry(name)?.repository ?? name;
  if (names.includes(repository)) return repository;
  const known = [...names, ...imageTable.flatMap(({ shortName }) => shortName ?? [])];
  throw new UserError(
    `There is no image ${shown(name)}: ${suggestion(name, known, `give one of ${names.join(", ")}.`)}`,
  );
}

/** An image that is built, or the source of one that is copied. */
export type NamedImage = { readonly definition: ImageDefinition } | { readonly source: UpstreamSource };

/**
 * @param folder in place of the one that service or settings name
 * @throws UserError where its folder isn't known, or where it has none to choose
 */
export function namedImage(project: string, settings: Settings, repository: string, folder?: string): NamedImage {
  const source = imageEntry(repository)?.source;
  if (folder !== undefined && (source?.kind === "upstream" || source?.kind === "project")) {
    const why = source.kind === "project" ? "is built from this project's files" : "is a copy of another image";
    throw new UserError(`--context is for images of your checkout, but ${repository} ${why}: leave it out.`);
  }
  if (source?.kind === "upstream") return { source };
  const folders = folder === undefined ? {} : { [repository]: folder };
  const definition = imageDefinitions(project, settings, folders).find((image) => image.repository === repository);
  if (definition !== undefined && !isMissing(definition)) return { definition };
  const remedy = definition === undefined ? "" : `, or ${definition.remedy}`;
  throw new UserError(`The folder of the image ${repository} is not known: give --context DIR${remedy}.`);
}
