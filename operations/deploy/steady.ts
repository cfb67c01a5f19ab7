/** Whether services come up after a deployment. */
import type { ECSClient } from "@aws-sdk/client-ecs";
import { begunOutcome, type FollowOptions, followRollout, type Outcome } from "../ecs/redeploy";
import { begunRollout } from "../ecs/rollout";
import { deployedServices } from "../ecs/services";
import { NotSeen, seen } from "../waiting";

/** Follows the newest deployment of each service to its end. */
export async function followServices(
  ecs: ECSClient,
  cluster: string,
  names: readonly string[],
  follow: FollowOptions,
): Promise<Outcome[]> {
  const deadline = Date.now() + follow.timeoutMs;
  const services = await seen((signal) => deployedServices(ecs, cluster, names, signal), { ...follow, deadline });
  return Promise.all(
    names.map(async (name) => {
      const none = { service: name, deploymentId: "no deployment", taskDefinition: "no task definition" };
      if (services instanceof NotSeen)
        return { ...begunOutcome(none), outcome: "timed out", reason: services.reason } as const;
      const service = services.find(({ serviceName }) => serviceName === name);
      const rollout = service && begunRollout(service);
      if (service !== undefined && rollout !== undefined)
        return followRollout(
          ecs,
          cluster,
          { rollout, service },
          { ...follow, timeoutMs: Math.max(deadline - Date.now(), 0) },
        );
      return { ...begunOutcome(none), outcome: "failed", reason: "it isn't there" } as const;
    }),
  );
}
