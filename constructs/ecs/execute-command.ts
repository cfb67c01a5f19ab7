import type { Construct } from "constructs";
import { namesOf } from "../environment-names";
import type { Grantee } from "../iam/ecs-role";

/**
 * Lets ECS Exec open a session into the tasks of a role.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
 */
export function grantExecuteCommand(grantee: Grantee & Construct): void {
  grantee.addPolicy("ssm_access", namesOf(grantee).policies.executeCommand, {
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
