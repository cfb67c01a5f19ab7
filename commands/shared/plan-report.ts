/** `--report`: an explained plan as a page with the picture of the stacks. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { fromCaller, project } from "../../lib/project";
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import { writeRendered } from "../../lib/write-rendered";
import type { Explanation } from "../../operations/explain/explained";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";

export interface ReportOption {
  readonly report?: string;
}

export function withReport(command: Command): Command {
  return command.option(
    "--report <file>",
    "write a page, too: the picture of the stacks with the changes marked, each with its explanation and source",
  );
}

/** @throws UserError for a file that can't be written in the end, before minutes are spent on a plan */
export function requireReportable({ report: given }: ReportOption): void {
  if (given === undefined) return;
  const file = fromCaller(given);
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder(file))
    throw new UserError(`--report is ${shown(given)}, which is a folder: give a file such as plan.html.`);
  const folder = dirname(file);
  if (existsSync(folder) ? !isFolder(folder) : !isFolder(dirname(folder))) {
    throw new UserError(
      `--report is ${shown(given)}, but there is no folder ${folder}: make it, or give another file.`,
    );
  }
}

/** Where a file of the project is looked at: on GitHub at the commit in a workflow, else in this folder, seen from the page. */
function linkFrom(page: string): (file: string, line: number) => string {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA } = process.env;
  if (GITHUB_ACTIONS === "true" && GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_SHA) {
    const root = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}`;
    return (file, line) => `${root}/${encodeURI(file)}#L${line}`;
  }
  const folder = dirname(page);
  return (file) => {
    const path = relative(folder, join(project, file));
    // On another drive there is no way from here to there.
    return path === join(project, file) ? pathToFileURL(path).href : encodeURI(path.replaceAll("\\", "/"));
  };
}

/**
 * The page of an explained plan. It synthesizes the stacks with the settings.
 * @param link @default none: where the page is shown, the project's files aren't
 */
export async function planPage(
  explained: Explanation,
  settings: Settings,
  link?: (file: string, line: number) => string,
): Promise<string> {
  const { registeredAddresses } =
    require("../../constructs/terraform/source-files") as typeof import("../../constructs/terraform/source-files");
  const { reportPage } = require("../../operations/report/report") as typeof import("../../operations/report/report");
  const { claimsOf } = require("../../stacks/register") as typeof import("../../stacks/register");
  const { synthesizedJson } = require("../../stacks/synthesize") as typeof import("../../stacks/synthesize");
  const stacks = synthesizedJson(project, settings);
  if (link === undefined) return reportPage({ explained, stacks, sources: [], link: () => "" });
  const sources = registeredAddresses(claimsOf(project, settings), project).flatMap(
    ({ stack, address, sourceFile, sourceLine }) =>
      sourceFile === null || sourceLine === null ? [] : [{ stack, address, file: sourceFile, line: sourceLine }],
  );
  return reportPage({ explained, stacks, sources, link });
}

/** Writes the page whole or not at all, where one is asked for. */
export async function writeReport({ report: given }: ReportOption, explained: Explanation): Promise<void> {
  if (given === undefined) return;
  const file = fromCaller(given);
  const { settings } = loadSettings({ directory: project });
  writeRendered(file, await planPage(explained, settings, linkFrom(file)), "--report");
  report(`Written: ${given}`);
}
