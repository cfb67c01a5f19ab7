import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html */
export const latestPlatform: Step = {
  name: "latestPlatform",
  sets: "Each service runs on Fargate's latest platform version, whatever somebody has set by hand.",
  plan: ["aws_ecs_service update platform_version"],
  effect:
    "Nobody notices: ECS takes LATEST where nobody says otherwise. A service that was set to another version replaces its tasks.",
  cost: "none",
  closes: ["CKV_AWS_332"],
  back: "Leaving it out changes nothing in AWS.",
  apply: ({ app }) => {
    for (const { service } of app.services.values()) service.platformVersion = "LATEST";
  },
};
