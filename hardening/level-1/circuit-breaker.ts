import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html */
export const circuitBreaker: Step = {
  name: "circuitBreaker",
  sets: "ECS gives up a deployment whose tasks don't start, and goes back to the one before, as the setting circuitBreaker has it.",
  plan: ["aws_ecs_service update deployment_circuit_breaker"],
  effect: "Nobody notices: no task restarts.",
  cost: "none",
  apply: ({ app }) => {
    for (const { service } of app.services.values())
      service.putDeploymentCircuitBreaker({ enable: true, rollback: true });
  },
};
