import { parsedDocument, synth } from "../../support/synth";

describe("the app stack", () => {
  const { app } = synth();

  test("reads the network by its state", () => {
    expect(app.block("aws_db_instance.cruddur").vpc_security_group_ids).toEqual([
      "${data.terraform_remote_state.network.outputs.rds_security_group_id}",
    ]);
    expect(app.block("aws_ecs_service.backend_flask").load_balancer).toEqual([
      {
        container_name: "envoy",
        container_port: 8800,
        target_group_arn: '${data.terraform_remote_state.network.outputs.target_group_arns["backend-flask"]}',
      },
    ]);
  });

  test("gives the database its variables and the table's layout", () => {
    expect(app.block("aws_db_instance.cruddur")).toMatchObject({
      identifier: "cruddur-db-instance",
      instance_class: "db.t3.micro",
      engine_version: "14.6",
      username: "${var.db_username}",
      password: "${var.db_password}",
    });
    expect(app.block("aws_dynamodb_table.cruddur_messages_table")).toMatchObject({
      hash_key: "pk",
      range_key: "sk",
      stream_view_type: "NEW_IMAGE",
      global_secondary_index: [{ name: "message-group-sk-index", hash_key: "message_group_uuid", range_key: "sk" }],
    });
  });

  test("wires the functions to pool and table", () => {
    expect(app.block("aws_lambda_event_source_mapping.cruddur_dynamodb_lambda_trigger")).toMatchObject({
      event_source_arn: "${aws_dynamodb_table.cruddur_messages_table.stream_arn}",
      function_name: "${data.aws_lambda_function.message_stream.arn}",
    });
    expect(app.block("aws_lambda_permission.allow_cognito_trigger")).toMatchObject({
      function_name: "${data.aws_lambda_function.post_confirmation_trigger.function_name}",
      source_arn: "${aws_cognito_user_pool.cruddur.arn}",
    });
    expect(app.block("aws_cognito_user_pool.cruddur").lambda_config).toEqual({
      post_confirmation: "${data.aws_lambda_function.post_confirmation_trigger.arn}",
    });
  });

  test("grants the task role what the tasks need", () => {
    expect(app.block("aws_iam_role.task").managed_policy_arns.sort()).toEqual([
      "${aws_iam_policy.dynamodb_crud_access.arn}",
      "${aws_iam_policy.ssm_access.arn}",
      "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
      "arn:aws:iam::aws:policy/CloudWatchFullAccess",
    ]);
    expect(parsedDocument(app.block("aws_iam_policy.dynamodb_crud_access").policy)).toMatchObject({
      Statement: [
        {
          Resource: [
            "${aws_dynamodb_table.cruddur_messages_table.arn}",
            "${aws_dynamodb_table.cruddur_messages_table.arn}/index/*",
          ],
        },
      ],
    });
    expect(parsedDocument(app.block("aws_iam_role.task").assume_role_policy)).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.current.account_id}" },
            ArnLike: {
              "aws:SourceArn":
                "arn:aws:ecs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:*",
            },
          },
        },
      ],
    });
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
      expect(app.block(address).lifecycle).toEqual({ prevent_destroy: true });
      expect(lifted.app.block(address).lifecycle).toEqual({ prevent_destroy: false });
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
    expect(changed.block("aws_db_instance.cruddur")).toMatchObject({
      instance_class: "db.t4g.small",
      engine_version: "14.12",
    });
    expect(changed.block("data.aws_lambda_function.message_stream").function_name).toBe("Stream");
    expect(changed.block("data.aws_lambda_function.post_confirmation_trigger").function_name).toBe("Confirmed");
    for (const stack of [changed, network]) {
      expect(stack.json.terraform.required_providers.aws).toEqual({ source: "aws", version: "~> 4.67" });
    }
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
