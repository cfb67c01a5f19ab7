import type { Step } from "../step";

export const privateTasks: Step = {
  name: "privateTasks",
  sets: "Tasks get no public address.",
  plan: ["aws_ecs_service update network_configuration"],
  effect: "Each service replaces its tasks. Nobody notices where their subnets have another way out.",
  cost: "high",
  costWhy:
    "A NAT gateway is about 35 for each availability zone, and 0.045 a GB; an endpoint is about 8 for each zone.",
  needs:
    "Another way to ECR, S3, CloudWatch Logs, SSM, Service Connect, Cognito, Honeycomb and Rollbar: a NAT gateway in subnets that subnetFilters choose, or endpoints (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html). Without one no task starts, though the plan looks harmless.",
  closes: ["CKV_AWS_333"],
  problems: ({ settings: { hardening } }) =>
    hardening.tasksReach === undefined
      ? [
          'no task could pull its image without NAT or endpoints: when the subnets have them, say "nat" or "endpoints" in the setting hardening.tasksReach',
        ]
      : [],
  apply: ({ app }) => {
    for (const { service } of app.services.values()) service.networkConfiguration.assignPublicIp = false;
  },
};
