import { synth } from "../../../../tools/testing";

describe("Secrets", () => {
  const { app } = synth();

  test("iterate the names and look the sensitive values up", () => {
    const { for_each: each, ...parameter } = app.resource("aws_ssm_parameter.secret");
    expect(each).toMatch(/^\$\{toset\(\[("[A-Z_]+"(, )?){6}\]\)\}$/);
    expect(parameter).toEqual({
      name: "/cruddur/backend-flask/${each.value}",
      type: "SecureString",
      value: "${local.secret_values[each.value]}",
    });
    expect(app.resource("local.secret_values")).toEqual({
      AWS_COGNITO_USER_POOL_CLIENT_ID: "${var.cognito_user_pool_client_id}",
      AWS_COGNITO_USER_POOL_ID: "${var.cognito_user_pool_id}",
      CONNECTION_URL: "${var.db_connection_url}",
      HONEYCOMB_API_KEY: "${var.honeycomb_api_key}",
      OTEL_EXPORTER_OTLP_HEADERS: "x-honeycomb-team=${var.honeycomb_api_key}",
      ROLLBAR_ACCESS_TOKEN: "${var.rollbar_access_token}",
    });
  });

  test("are readable to ECS itself, below their own path only", () => {
    const own = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}";
    expect(app.resource("aws_iam_policy.service")).toEqual({
      name: "CruddurServiceExecutionPolicy",
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["ssm:GetParameters", "ssm:GetParameter"],
            Resource: `arn:aws:ssm:${own}:parameter/cruddur/backend-flask/*`,
          },
        ],
      },
    });
  });
});
