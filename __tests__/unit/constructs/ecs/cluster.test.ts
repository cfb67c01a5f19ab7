import { synth } from "../../../../tools/testing";

describe("Cluster", () => {
  const { app } = synth();

  test("counts by Container Insights, and has its services publish in its namespace", () => {
    expect(app.resource("aws_ecs_cluster.cruddur")).toEqual({
      name: "cruddur",
      setting: [{ name: "containerInsights", value: "enabled" }],
      service_connect_defaults: { namespace: "${aws_service_discovery_http_namespace.cruddur.arn}" },
    });
    expect(app.resource("aws_service_discovery_http_namespace.cruddur")).toEqual({ name: "cruddur" });
  });

  test("keeps logs for a day", () => {
    expect(app.resource("aws_cloudwatch_log_group.cruddur")).toEqual({
      name: "/cruddur/fargate-cluster",
      retention_in_days: 1,
    });
  });

  test("keeps logs as long as the setting says", () => {
    const { app: longer } = synth({ settings: { logs: { retentionDays: 30 } } });
    expect(longer.resource("aws_cloudwatch_log_group.cruddur").retention_in_days).toBe(30);
  });

  test("is told by name, with its log group", () => {
    expect(app.resource("output.cluster_name").value).toBe("${aws_ecs_cluster.cruddur.name}");
    expect(app.resource("output.log_group_name").value).toBe("${aws_cloudwatch_log_group.cruddur.name}");
  });
});
