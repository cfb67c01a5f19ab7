import { synth } from "../../../tools/testing";

describe("the app stack", () => {
  const { app } = synth();

  test("reads the network by its state", () => {
    expect(app.resource("aws_db_instance.cruddur").vpc_security_group_ids).toEqual([
      "${data.terraform_remote_state.network.outputs.rds_security_group_id}",
    ]);
    expect(app.resource("aws_ecs_service.backend_flask").load_balancer).toEqual([
      {
        container_name: "envoy",
        container_port: 8800,
        target_group_arn: '${data.terraform_remote_state.network.outputs.target_group_arns["backend-flask"]}',
      },
    ]);
  });

  const stateful = [
    "aws_cognito_user_pool.cruddur",
    "aws_db_instance.cruddur",
    "aws_dynamodb_table.cruddur_messages_table",
    "aws_ecr_repository.repo",
  ];

  test("refuses to destroy what holds data, unless the setting lifts it", () => {
    const lifted = synth({ settings: { preventDestroy: false } });
    for (const address of stateful) {
      expect(app.resource(address).lifecycle).toEqual({ prevent_destroy: true });
      expect(lifted.app.resource(address).lifecycle).toEqual({ prevent_destroy: false });
    }
  });

  test("takes instance class, engine version, function names and provider version from the settings", () => {
    const { app: changed, network } = synth({
      settings: {
        awsProviderVersion: "~> 4.67",
        database: { instanceClass: "db.t4g.small", engineVersion: "14.12" },
        lambdaFunctions: { messageStream: "Stream", postConfirmation: "Confirmed" },
      },
    });
    expect(changed.resource("aws_db_instance.cruddur")).toMatchObject({
      instance_class: "db.t4g.small",
      engine_version: "14.12",
    });
    expect(changed.resource("data.aws_lambda_function.message_stream").function_name).toBe("Stream");
    expect(changed.resource("data.aws_lambda_function.post_confirmation_trigger").function_name).toBe("Confirmed");
    for (const stack of [changed, network]) {
      expect(stack.json.terraform.required_providers.aws).toEqual({ source: "aws", version: "~> 4.67" });
    }
  });

  test("reads the region as version 6 of the provider names it", () => {
    const { app: changed, network } = synth({ settings: { awsProviderVersion: "6.5.0" } });
    for (const { json } of [changed, network]) {
      expect(JSON.stringify(json)).toContain("data.aws_region.current.region");
      expect(JSON.stringify(json)).not.toContain("data.aws_region.current.name");
    }
  });

  test("names the X-Ray daemon by tag where one is chosen, and changes nothing else of the task", () => {
    const containers = (settings: object) =>
      synth({ settings }).app.resource("aws_ecs_task_definition.backend_flask").container_definitions as {
        name: string;
        image: string;
      }[];
    const bare = containers({});
    const image = "public.ecr.aws/xray/aws-xray-daemon";
    expect(bare.find(({ name }) => name === "xray")?.image).toBe(image);
    expect(containers({ xrayDaemonTag: "3.3.14" })).toEqual(
      bare.map((one) => (one.name === "xray" ? { ...one, image: `${image}:3.3.14` } : one)),
    );
  });

  test("outputs what scripts and people need, and no secret", () => {
    const outputs = app.json.output as Record<string, { value: unknown }>;
    expect(Object.keys(outputs)).toEqual([
      "cluster_name",
      "database_endpoint",
      "log_group_name",
      "messages_table_name",
      "repository_urls",
      "service_names",
      "user_pool_client_id",
      "user_pool_id",
    ]);
    expect(JSON.stringify(outputs)).not.toMatch(/var\.|secret|password/);
  });
});
