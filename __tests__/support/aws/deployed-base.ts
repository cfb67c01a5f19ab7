/**
 * Deploys both stacks with the default settings to a local AWS that can fork, and stays: `deployed-base.ts FOLDER`. What
 * tests need of it lies in FOLDER/base.json, as soon as everything is deployed, or in FOLDER/failed.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { writeWhole } from "../../../lib/write-whole";
import { startLocalAws } from "../../../local/aws";
import { sampleVariables, tfVariables } from "../../../local/trial/sample-variables";
import { settingsSchema } from "../../../settings/schema";
import { synthesizeStacks } from "../../../stacks/synthesize";
import { Terraform } from "../../../terraform/terraform";
import type { DeployedBase } from "./deployed";

const secret = () => `s3cr3t<&"${randomBytes(12).toString("hex")}`;

async function main(folder: string): Promise<void> {
  process.env.MOTO_FORKABLE = "1";
  process.env.PYTHONPATH = join(project, "__tests__", "support", "aws", "forkable");
  const secrets = {
    db_password: secret(),
    db_connection_url: `postgresql://u:${secret()}@h:5432/cruddur`,
    honeycomb_api_key: secret(),
    rollbar_access_token: secret(),
  };
  const variables = { ...sampleVariables, ...secrets };
  const aws = await startLocalAws({ project, domain: variables.cruddur_dns_name });
  const settings = settingsSchema.parse({ backend: { directory: folder } });
  const environment = { ...aws.environment, ...tfVariables(variables) };
  for (const { folder: directory } of synthesizeStacks(project, settings, join(folder, "cdktf.out"))) {
    const terraform = new Terraform(directory, { environment });
    await terraform.init();
    await terraform.apply();
  }
  const state = (stack: string) => readFileSync(join(folder, `terraform.${stack}.tfstate`), "utf8");
  const base: DeployedBase = {
    environment: aws.environment,
    variables,
    secrets,
    states: { network: state("network"), app: state("app") },
  };
  writeWhole(join(folder, "base.json"), JSON.stringify(base));
}

const [folder = ""] = process.argv.slice(2);
main(folder).catch((error) => writeFileSync(join(folder, "failed"), String(error?.stack ?? error)));
