import { rmSync } from "node:fs";
import { addressRegister, type Claim } from "../constructs/terraform/addressed-stack";
import { scratchFolder } from "../lib/scratch-folder";
import type { Settings } from "../settings/schema";
import { addStacks } from "./index";
import { projectApp } from "./project-app";

/** What the stacks of these settings claim, without synthesizing: cdktf wants an output folder at once, and gets none that stays. */
export function claimsOf(project: string, settings: Settings): Claim[] {
  const outdir = scratchFolder("addresses");
  try {
    const root = projectApp({ outdir });
    addStacks(root, project, settings);
    return addressRegister(root);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
