import { ECSClient } from "@aws-sdk/client-ecs";
import { UserError } from "../../lib/user-error";
import type { ClientConfig } from "../aws";
import { placeOf } from "../place";

/** A client of ECS that says which cluster is missing, and where: ECS's own error names neither. */
export function ecsClient(config: ClientConfig): ECSClient {
  const client = new ECSClient(config);
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if ((error as Error).name !== "ClusterNotFoundException") throw error;
        const { cluster = "default" } = args.input as { readonly cluster?: string };
        throw new UserError(
          `There is no ECS cluster ${cluster} (${await placeOf(client)}): deploy the app stack, or name another --region or --profile.`,
        );
      }
    },
    { step: "initialize", name: "namesMissingCluster" },
  );
  return client;
}
