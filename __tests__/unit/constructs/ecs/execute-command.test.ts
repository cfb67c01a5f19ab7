import { synth } from "../../../../tools/testing";

test("ECS Exec may open channels into the tasks", () => {
  const { app } = synth();
  const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
  expect(app.resource("aws_iam_policy.ssm_access")).toEqual({
    name: "SSMAccessPolicy",
    policy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: channels.map((action) => `ssmmessages:${action}`), Resource: "*" }],
    },
  });
});
