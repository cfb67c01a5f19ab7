import { synth } from "../../../../tools/testing";

describe("DeployedFunction", () => {
  const { app } = synth();

  test("is looked up by name", () => {
    expect(app.resource("data.aws_lambda_function.message_stream")).toEqual({ function_name: "MessageStream" });
    expect(app.resource("data.aws_lambda_function.post_confirmation_trigger")).toEqual({
      function_name: "PostUserConfirmationTrigger",
    });
  });

  test("reads the table's stream from now on", () => {
    expect(app.resource("aws_lambda_event_source_mapping.cruddur_dynamodb_lambda_trigger")).toEqual({
      event_source_arn: "${aws_dynamodb_table.cruddur_messages_table.stream_arn}",
      function_name: "${data.aws_lambda_function.message_stream.arn}",
      starting_position: "LATEST",
    });
  });

  test("may be called by the user pool", () => {
    expect(app.resource("aws_lambda_permission.allow_cognito_trigger")).toEqual({
      statement_id: "AllowExecutionFromCognito",
      action: "lambda:InvokeFunction",
      function_name: "${data.aws_lambda_function.post_confirmation_trigger.function_name}",
      principal: "cognito-idp.amazonaws.com",
      source_arn: "${aws_cognito_user_pool.cruddur.arn}",
    });
  });
});
