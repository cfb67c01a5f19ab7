import { synth } from "../../../../tools/testing";

// biome-ignore lint/suspicious/noExplicitAny: container definitions, looked into by assertions.
const containers = (stack: ReturnType<typeof synth>["app"], name: string): any[] =>
  stack.resource(`aws_ecs_task_definition.${name}`).container_definitions as never;

describe("FargateService", () => {
  const { app } = synth();
  const registry =
    "${data.aws_caller_identity.current.account_id}.dkr.ecr.${data.aws_region.current.name}.amazonaws.com";

  test("runs the backend with Envoy and the X-Ray daemon beside it", () => {
    const [backend, envoy, xray, ...others] = containers(app, "backend_flask");
    expect(others).toEqual([]);
    expect(backend).toMatchObject({
      name: "backend-flask",
      image: `${registry}/backend-flask`,
      portMappings: [{ name: "backend-flask", containerPort: 4567, protocol: "tcp", appProtocol: "http" }],
      essential: true,
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-stream-prefix": "backend-flask" } },
    });
    expect(backend.healthCheck).toEqual({
      command: ["CMD-SHELL", "python /backend-flask/bin/health-check"],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 60,
    });
    expect(envoy).toMatchObject({
      image: `${registry}/envoy:dns-family-v4`,
      healthCheck: {
        command: ["CMD-SHELL", "curl -s http://localhost:8001/server_info | grep state | grep -q LIVE"],
      },
    });
    expect(xray).toEqual({
      name: "xray",
      image: "public.ecr.aws/xray/aws-xray-daemon",
      essential: true,
      user: "1337",
      portMappings: [{ name: "xray", containerPort: 2000, protocol: "udp" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "${aws_cloudwatch_log_group.cruddur.name}",
          "awslogs-region": "${data.aws_region.current.name}",
          "awslogs-stream-prefix": "xray",
        },
      },
    });
  });

  test("gives the backend its environment, and its secrets by reference", () => {
    const [{ environment, secrets }] = containers(app, "backend_flask");
    expect(environment).toEqual([
      { name: "AWS_DEFAULT_REGION", value: "${data.aws_region.current.name}" },
      { name: "BACKEND_URL", value: "https://api.${var.cruddur_dns_name}" },
      { name: "FRONTEND_URL", value: "https://${var.cruddur_dns_name}" },
      { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "https://api.honeycomb.io" },
      { name: "OTEL_SERVICE_NAME", value: "cruddur-backend-flask" },
    ]);
    expect(secrets.map(({ name }: { name: string }) => name)).toEqual([
      "AWS_COGNITO_USER_POOL_CLIENT_ID",
      "AWS_COGNITO_USER_POOL_ID",
      "CONNECTION_URL",
      "OTEL_EXPORTER_OTLP_HEADERS",
      "ROLLBAR_ACCESS_TOKEN",
    ]);
    expect(secrets[2].valueFrom).toBe('${aws_ssm_parameter.secret["CONNECTION_URL"].arn}');
  });

  test.each([
    [
      "backend_flask",
      "512",
      "1024",
      [
        ["backend-flask", 4567],
        ["envoy", 8800],
      ],
    ],
    ["backend_authz", "256", "512", [["authz", 8123]]],
    ["frontend_react_js", "256", "512", [["frontend-react-js", 80]]],
    ["otel_collector", "256", "512", [["otel-collector", 4318]]],
  ] as const)("sizes %s and publishes its ports in the namespace", (id, cpu, memory, published) => {
    const { container_definitions: _, ...task } = app.resource(`aws_ecs_task_definition.${id}`);
    const name = id.replaceAll("_", "-");
    expect(task).toEqual({
      family: name,
      cpu,
      memory,
      network_mode: "awsvpc",
      requires_compatibilities: ["FARGATE"],
      execution_role_arn: "${aws_iam_role.service.arn}",
      task_role_arn: "${aws_iam_role.task.arn}",
    });
    const { load_balancer: __, ...service } = app.resource(`aws_ecs_service.${id}`);
    expect(service).toEqual({
      name,
      cluster: "${aws_ecs_cluster.cruddur.id}",
      task_definition: `\${aws_ecs_task_definition.${id}.arn}`,
      desired_count: "${var.ecs_service_desired_count}",
      launch_type: "FARGATE",
      enable_execute_command: true,
      service_connect_configuration: {
        enabled: true,
        namespace: "${aws_service_discovery_http_namespace.cruddur.arn}",
        service: published.map(([portName, port]) => ({
          port_name: portName,
          discovery_name: portName,
          client_alias: { port },
        })),
      },
      network_configuration: {
        assign_public_ip: true,
        subnets: "${data.aws_subnets.default.ids}",
        security_groups: ["${data.terraform_remote_state.network.outputs.ecs_security_group_id}"],
      },
    });
  });

  test.each([
    ["backend-flask", "envoy", 8800],
    ["frontend-react-js", "frontend-react-js", 80],
    ["otel-collector", "otel-collector", 4318],
  ])("registers the tasks of %s by the container %s", (name, container, port) => {
    expect(app.resource(`aws_ecs_service.${name.replaceAll("-", "_")}`).load_balancer).toEqual([
      {
        container_name: container,
        container_port: port,
        target_group_arn: `\${data.terraform_remote_state.network.outputs.target_group_arns["${name}"]}`,
      },
    ]);
  });

  test("registers no service without a route", () => {
    expect(app.resource("aws_ecs_service.backend_authz").load_balancer).toBeUndefined();
  });
});
