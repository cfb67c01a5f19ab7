/** Files of a hand-written module that its configuration names by their paths. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";

/**
 * Puts what a folder holds into the stack's own at each synth. So `${path.module}/policy.json` and the module `./queue` are
 * where they were beside the old module, and a plan shows no other path.
 */
export class ModuleFiles extends Construct {
  /** @param folder an absolute path */
  constructor(scope: Construct, id: string, folder: string) {
    super(scope, id);
    addCustomSynthesis(this, {
      onSynthesize: ({ manifest }) => {
        const { workingDirectory } = manifest.forStack(TerraformStack.of(this));
        cpSync(folder, join(manifest.outdir, workingDirectory), { recursive: true });
      },
    });
  }
}
