import { EcsRole } from "../../../../constructs/iam/ecs-role";
import { synth, synthScope } from "../../../../tools/testing";

const assumedByTasks = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "ecs-tasks.amazonaws.com" },
};

describe("EcsRole", () => {
  const { app } = synth();

  test("is for ECS itself: images, logs, secrets", () => {
    expect(app.resource("aws_iam_role.service")).toEqual({
      name: "CruddurServiceExecutionRole",
      assume_role_policy: { Version: "2012-10-17", Statement: [assumedByTasks] },
      managed_policy_arns: [
        "${aws_iam_policy.service.arn}",
        "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      ],
    });
  });

  test("is for the tasks, of this account and region alone", () => {
    const accountId = "${data.aws_caller_identity.current.account_id}";
    expect(app.resource("aws_iam_role.task")).toEqual({
      name: "CruddurTaskRole",
      assume_role_policy: {
        Version: "2012-10-17",
        Statement: [
          {
            ...assumedByTasks,
            Condition: {
              StringEquals: { "aws:SourceAccount": accountId },
              ArnLike: { "aws:SourceArn": `arn:aws:ecs:\${data.aws_region.current.name}:${accountId}:*` },
            },
          },
        ],
      },
      managed_policy_arns: [
        "${aws_iam_policy.ssm_access.arn}",
        "${aws_iam_policy.dynamodb_crud_access.arn}",
        "arn:aws:iam::aws:policy/CloudWatchFullAccess",
        "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
      ],
    });
  });

  test("attaches a policy once, however many ask for it, and hands out its own by name", () => {
    const stack = synthScope((scope) => {
      const role = new EcsRole(scope, "task", { name: "Task" });
      role.addAwsManagedPolicy("ReadOnlyAccess");
      role.addAwsManagedPolicy("ReadOnlyAccess");
      role.addPolicy("own", "OwnPolicy", { Effect: "Deny", Action: "s3:*", Resource: "*" });
      expect([...role.policies.keys()]).toEqual(["OwnPolicy"]);
    });
    expect(stack.resource("aws_iam_role.task").managed_policy_arns).toEqual([
      "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "${aws_iam_policy.own.arn}",
    ]);
  });
});
