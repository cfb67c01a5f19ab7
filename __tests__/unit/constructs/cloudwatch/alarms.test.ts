import { synth } from "../../../../tools/testing";

test("there are none unless they are set", () => {
  const { network, app } = synth();
  expect(
    [...network.addresses(), ...app.addresses()].filter((address) => /alarm|sns|event_rule/.test(address)),
  ).toEqual([]);
});

describe("the setting alarms", () => {
  const { network, app } = synth({ settings: { alarms: { enabled: true, emails: ["team@example.com"] } } });
  const arn =
    "arn:aws:sns:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:cruddur-alarms";

  test("has a topic that CloudWatch and EventBridge may publish to, and its mail addresses", () => {
    const { policy } = network.resource("aws_sns_topic_policy.alarms") as {
      policy: { Statement: { Principal: object }[] };
    };
    expect(policy.Statement.map(({ Principal }) => Principal)).toEqual([
      { Service: "cloudwatch.amazonaws.com" },
      { Service: "events.amazonaws.com" },
    ]);
    expect(network.resource("aws_sns_topic_subscription.alarms")).toMatchObject({
      for_each: '${toset(["team@example.com"])}',
      protocol: "email",
      endpoint: "${each.value}",
    });
  });

  test("watches the load balancer and each route", () => {
    const alarms = network.addresses().filter((address) => address.startsWith("aws_cloudwatch_metric_alarm."));
    expect(alarms.map((address) => address.split(".")[1])).toEqual([
      "backend_flask_5xx",
      "backend_flask_unhealthy",
      "frontend_react_js_5xx",
      "frontend_react_js_unhealthy",
      "load_balancer_5xx",
      "otel_collector_5xx",
      "otel_collector_unhealthy",
    ]);
    expect(network.resource("aws_cloudwatch_metric_alarm.backend_flask_5xx")).toMatchObject({
      alarm_name: "cruddur-backend-flask-5xx",
      alarm_actions: ["${aws_sns_topic.alarms.arn}"],
      ok_actions: ["${aws_sns_topic.alarms.arn}"],
      comparison_operator: "GreaterThanThreshold",
      dimensions: {
        LoadBalancer: "${aws_lb.cruddur_backend_lb.arn_suffix}",
        TargetGroup: "${aws_lb_target_group.cruddur_backend_envoy_tg.arn_suffix}",
      },
      period: 300,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
    });
    expect(network.resource("aws_cloudwatch_metric_alarm.backend_flask_unhealthy")).toMatchObject({
      period: 60,
      evaluation_periods: 5,
      statistic: "Maximum",
      threshold: 0,
    });
  });

  test("watches the database, and tells of tasks that stop by themselves", () => {
    expect(app.resource("aws_cloudwatch_metric_alarm.database_storage")).toMatchObject({
      comparison_operator: "LessThanThreshold",
      threshold: 2 * 1024 ** 3,
      alarm_actions: [arn],
      dimensions: { DBInstanceIdentifier: "${aws_db_instance.cruddur.identifier}" },
    });
    expect(app.resource("aws_cloudwatch_metric_alarm.database_connections").threshold).toBe(60);
    expect(app.resource("aws_cloudwatch_event_rule.task_stops").event_pattern).toMatchObject({
      detail: {
        clusterArn: ["${aws_ecs_cluster.cruddur.arn}"],
        stopCode: ["TaskFailedToStart", "EssentialContainerExited"],
      },
    });
    expect(app.resource("aws_cloudwatch_event_target.task_stops").arn).toBe(arn);
  });
});
