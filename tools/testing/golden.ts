/** The golden files: what both stacks synthesize with default settings, as it stands on the disk. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servicesOf } from "../../services";
import { splitStackIds, stackIds } from "../../services/names";
import { settingsSchema } from "../../settings/schema";
import { AppStack } from "../../stacks/app";
import { NetworkStack } from "../../stacks/network";
import { projectApp } from "../../stacks/project-app";

/** Relative to the project. */
export const goldenFolder = join("__tests__", "golden");

export interface GoldenFile {
  /** Relative to the project: `__tests__/golden/network.tf.json`. */
  readonly file: string;
  readonly text: string;
}

/** Synthesizes both stacks as cdktf does, without a team's settings, services and additions. */
export function goldenFiles(): GoldenFile[] {
  // Only the path of a local state depends on the project's folder, and that only by the distance of `cdktf.out`.
  const project = mkdtempSync(join(tmpdir(), "golden-"));
  try {
    const settings = settingsSchema.parse({});
    const services = servicesOf(settings);
    const root = projectApp({ outdir: join(project, "cdktf.out") });
    const network = new NetworkStack(root, stackIds.network, { project, settings, services });
    new AppStack(root, stackIds.app, { project, settings, services, network });
    root.synth();
    return splitStackIds.map((id) => ({
      file: join(goldenFolder, `${id}.tf.json`),
      text: readFileSync(join(root.outdir, "stacks", id, "cdk.tf.json"), "utf8"),
    }));
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
