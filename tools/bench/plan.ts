/** Plans of both stacks over the HCL's plan of the same state, on the local AWS. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { addressRegister } from "../../constructs/terraform/addressed-stack";
import { startLocalAws } from "../../local/aws";
import { tfVariables } from "../../local/trial/sample-variables";
import { splitStackIds } from "../../services/names";
import { settingsSchema } from "../../settings/schema";
import { addStacks } from "../../stacks";
import { projectApp } from "../../stacks/project-app";
import { planEnvironment } from "../../terraform/plan-environment";
import { installProviderLock } from "../../terraform/provider-lock";
import { Terraform } from "../../terraform/terraform";
import { compare } from "./measure";
import { splitStateByHand } from "./split-state";

export async function benchPlans(project: string, folder: string, rounds: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const aws = await startLocalAws({ project });
  try {
    const environment = { ...aws.environment, ...tfVariables() };
    const hclFolder = join(folder, "02-app");
    cpSync(join(project, "__tests__", "fixtures", "02-app"), hclFolder, { recursive: true });
    const hcl = new Terraform(hclFolder, { environment });
    process.stderr.write("plans: applying the HCL to the local AWS, which takes two minutes\n");
    await hcl.init();
    await hcl.apply();

    const root = projectApp({ outdir: join(folder, "cdktf.out") });
    const settings = settingsSchema.parse({ backend: { directory: folder } });
    addStacks(root, project, settings);
    root.synth();
    cpSync(join(hclFolder, "terraform.tfstate"), join(folder, "terraform.app.tfstate"));
    await splitStateByHand(folder, addressRegister(root));
    const stackFolder = (stack: string) => join(folder, "cdktf.out", "stacks", stack);
    installProviderLock(project, splitStackIds.map(stackFolder));
    const [network, app] = splitStackIds.map((stack) => new Terraform(stackFolder(stack), { environment }));
    if (network === undefined || app === undefined) throw new Error("No stacks");
    await network.init();
    await app.init();
    await network.plan({ file: "outputs.plan" });
    await network.apply("outputs.plan");

    const plan = async ({ directory }: Terraform, more: NodeJS.ProcessEnv = {}) => {
      const terraform = new Terraform(directory, { environment: { ...environment, ...more } });
      const { exitCode, stderr } = await terraform.attempt("plan", "-input=false", "-no-color");
      if (exitCode !== 0) throw new Error(stderr);
    };
    const both = (more?: NodeJS.ProcessEnv) => Promise.all([plan(network, more), plan(app, more)]);
    await compare("Plans over one state", rounds, [
      { name: "terraform plan of the HCL", run: () => plan(hcl) },
      { name: "both stacks, as npm run plan does", run: () => both(planEnvironment) },
      { name: "both stacks at once, plain", run: () => both() },
      {
        name: "both stacks in turn, plain",
        run: async () => {
          await plan(network);
          await plan(app);
        },
      },
      { name: "the HCL with the same memory limit", run: () => plan(hcl, planEnvironment) },
    ]);
  } finally {
    await aws.stop();
  }
}
