/** Both stacks with every setting that changes what they use of the AWS provider. */
import type { settingsSchema } from "../../settings/schema";
import { synth } from "./stacks";

type Overrides = Parameters<typeof settingsSchema.parse>[0];

const variants: readonly Overrides[] = [
  {},
  { authz: false },
  { backendTraces: "collector", honeycomb: { region: "eu" } },
  {
    allowedAccountIds: ["123456789012"],
    defaultTags: { team: "cruddur" },
    preventDestroy: false,
    subnetFilters: { "availability-zone": ["eu-central-1a"] },
    backend: { type: "s3", bucket: "states", keys: { app: "app.tfstate" } },
  },
];

/** @returns the synthesized JSON of both stacks, once for each variant */
export function awsVariants(awsProviderVersion: string): unknown[] {
  return variants.flatMap((settings) => {
    const { network, app } = synth({ settings: { ...(settings as object), awsProviderVersion } });
    return [network.json, app.json];
  });
}
