/** Backends between which no state can be split, whatever they hold. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../lib/user-error";
import { type Backend, describeBackend, isSamePlace } from "./place";
import type { StackId } from "./split-state";

/** The app's state goes on where the old one lies; only local files may be taken over from elsewhere. */
export function refuseOtherPlaces(backend: Backend, { app, network }: Record<StackId, Backend>): void {
  const [from, to] = [backend, app].map(describeBackend);
  if (backend.type !== app.type) {
    throw new UserError(
      `The old state is at ${from}, but the settings put the app's at ${to}: set backend.type to "${backend.type}"${backend.type === "s3" ? " with bucket and keys.app" : ""}, so that app keeps its place.`,
    );
  }
  if (backend.type === "s3" && !isSamePlace(backend, app)) {
    throw new UserError(
      `The old state is at ${from}, but the settings put the app's at ${to}: set backend.bucket and backend.keys.app to the place that the old module has, or name the right key.`,
    );
  }
  if (isSamePlace(backend, network)) {
    throw new UserError(
      `The old state is at ${from}, where the settings put the network's: give backend.keys.network another place.`,
    );
  }
  const { dynamodb_table: oldTable } = backend.arguments;
  if (backend.type === "s3" && oldTable !== undefined && oldTable !== app.arguments.dynamodb_table) {
    throw new UserError(
      `The old module locks its state in the table ${oldTable}, the settings don't: set backend.dynamodbTable to it, so that one lock keeps both out.`,
    );
  }
}

/** Whether files can be written to a folder, which may not be there yet; nothing is tried. */
export function refuseUnwritable(folder: string, what: string): void {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const reason = statSync(there).isDirectory() ? refusal(there) : "it is no folder";
  if (reason === undefined) return;
  throw new UserError(`${what} can't be written to ${folder}: ${there} refuses it (${reason}).`);
}

function refusal(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
