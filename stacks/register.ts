import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { addressRegister, type Claim } from "../constructs/terraform/addressed-stack";
import type { Settings } from "../settings/schema";
import { addStacks } from "./index";

/** What the stacks of these settings claim, without synthesizing: cdktf wants an output folder at once, and gets none that stays. */
export function claimsOf(settings: Settings): Claim[] {
  const outdir = mkdtempSync(join(tmpdir(), "addresses-"));
  try {
    const root = new App({ outdir });
    addStacks(root, settings);
    return addressRegister(root);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
