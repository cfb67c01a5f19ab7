/** Takes the system away. */
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import { builtImages } from "./build";
import { compose } from "./compose";
import { containerStatuses } from "./containers";
import type { SystemFolder } from "./record";

export interface DownOptions {
  /** Remove the built images, too. */
  readonly images: boolean;
  readonly report: (line: string) => void;
}

/** Takes everything away. @returns whether there was anything */
export async function down(folder: SystemFolder, { images, report }: DownOptions): Promise<boolean> {
  const record = folder.record();
  if (record === undefined) {
    folder.remove();
    return false;
  }
  // Nobody waits for requests under way.
  await compose(record, folder, ["down", "--volumes", "--timeout", "2"]);
  const left = (await containerStatuses(record)).filter(({ health }) => health !== "absent");
  if (left.length > 0) {
    throw new UserError(
      `${left.map(({ name }) => name).join(", ")} could not be removed: look at ${record.engine.program} ps --all.`,
    );
  }
  if (images) {
    const built = await builtImages(record.engine.program);
    for (const image of built) await runProcess(record.engine.program, ["image", "rm", image]);
    report(`Removed ${built.length - (await builtImages(record.engine.program)).length} images`);
  }
  folder.remove();
  return true;
}
