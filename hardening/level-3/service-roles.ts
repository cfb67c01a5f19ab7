import { namesOf } from "../../constructs/environment-names";
import { EcsRole } from "../../constructs/iam/ecs-role";
import { terraformName } from "../../constructs/terraform/addressed-stack";
import { underscored } from "../../services/definition";
import { hardeningScope } from "../scope";
import type { Step } from "../step";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
const longestName = 64;

/** They share the policies that are there, so that going back takes away roles alone. */
export const serviceRoles: Step = {
  name: "serviceRoles",
  sets: "Each service with grants in services/ gets a role of its own with just these; the others keep CruddurTaskRole.",
  plan: ["aws_ecs_task_definition revision", "aws_iam_role create"],
  effect:
    "Each service replaces its tasks. The API reads and writes messages and sends traces; nginx, the authorizer and the collector can call nothing in AWS.",
  cost: "none",
  needs:
    "An app that calls more of AWS than the table of messages and X-Ray, such as CloudWatch or S3, gets a policy for its role in additions/app.ts.",
  problems: ({ app }) => {
    const services = [...app.services.values()].filter(({ definition }) => definition.grants !== undefined);
    const names = services.map(({ definition }) => namesOf(app).taskRole(definition.name));
    return names
      .filter((name) => name.length > longestName)
      .map((name) => `the role's name ${name} has more than ${longestName} characters: leave the service's grants out`);
  },
  apply: ({ app }) => {
    const { policies, taskRole } = namesOf(app);
    for (const { definition, service, taskDefinition } of app.services.values()) {
      const { name, grants, containers } = definition;
      if (grants === undefined) continue;
      const scope = hardeningScope(app, "ServiceRoles");
      const role = new EcsRole(scope, terraformName(underscored(name)), {
        name: taskRole(name),
        onlyTasksOf: app.account,
      });
      // Without it, where readOnlyRoot has ended ECS Exec.
      if (service.enableExecuteCommandInput === true) role.addPoliciesOf(app.taskRole, [policies.executeCommand]);
      if (grants.includes("messages")) role.addPoliciesOf(app.taskRole, [policies.messages]);
      for (const policy of containers.flatMap(({ awsManagedPolicies = [] }) => awsManagedPolicies))
        role.addAwsManagedPolicy(policy);
      taskDefinition.taskRoleArn = role.arn;
    }
  },
};
