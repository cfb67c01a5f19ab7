import { synth } from "../../../../tools/testing";

describe("UserPool", () => {
  const { app } = synth();
  const pool = app.resource("aws_cognito_user_pool.cruddur");
  const required = (name: string) => ({
    name,
    attribute_data_type: "String",
    required: true,
    mutable: true,
    developer_only_attribute: false,
    string_attribute_constraints: { min_length: "1", max_length: "256" },
  });

  test("has users that sign up by themselves, with a verified e-mail address for a name", () => {
    expect(pool).toEqual({
      name: "cruddur-user-pool",
      username_attributes: ["email"],
      username_configuration: { case_sensitive: false },
      auto_verified_attributes: ["email"],
      schema: [required("email"), required("name"), required("preferred_username")],
      admin_create_user_config: { allow_admin_create_user_only: false },
      verification_message_template: { default_email_option: "CONFIRM_WITH_CODE" },
      email_configuration: { email_sending_account: "COGNITO_DEFAULT" },
      user_attribute_update_settings: { attributes_require_verification_before_update: ["email"] },
      account_recovery_setting: { recovery_mechanism: [{ name: "verified_email", priority: 1 }] },
      mfa_configuration: "OFF",
      lambda_config: { post_confirmation: "${data.aws_lambda_function.post_confirmation_trigger.arn}" },
      deletion_protection: "INACTIVE",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("has a client for the frontend, with tokens of an hour and sessions of a month", () => {
    const writable = [
      ...["address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name"],
      ...["nickname", "phone_number", "picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo"],
    ];
    expect(app.resource("aws_cognito_user_pool_client.cruddur")).toEqual({
      name: "cruddur-client",
      user_pool_id: "${aws_cognito_user_pool.cruddur.id}",
      explicit_auth_flows: ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
      prevent_user_existence_errors: "ENABLED",
      enable_token_revocation: true,
      access_token_validity: 60,
      id_token_validity: 60,
      refresh_token_validity: 30,
      token_validity_units: [{ access_token: "minutes", id_token: "minutes", refresh_token: "days" }],
      read_attributes: [...writable, "email_verified", "phone_number_verified"],
      write_attributes: writable,
    });
  });

  test("is told to scripts and people by id", () => {
    expect(app.resource("output.user_pool_id").value).toBe("${aws_cognito_user_pool.cruddur.id}");
    expect(app.resource("output.user_pool_client_id").value).toBe("${aws_cognito_user_pool_client.cruddur.id}");
  });
});
