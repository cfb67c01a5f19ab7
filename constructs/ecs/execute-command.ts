import type { Grantee } from "../iam/task-role";

/**
 * Lets ECS Exec open a session into the tasks of a role.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
 */
export function grantExecuteCommand(grantee: Grantee): void {
  grantee.addPolicy("ssm_access", "SSMAccessPolicy", {
    Effect: "Allow",
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  });
}
