import { variableDefinitions } from "../../../../constructs/terraform/variables";
import { synth } from "../../../../tools/testing";

const sensitive = ["db_connection_url", "db_password", "db_username", "honeycomb_api_key", "rollbar_access_token"];

describe("the variables", () => {
  const { network, app } = synth();
  const variables = { network: network.json.variable, app: app.json.variable };

  test.each(["network", "app"] as const)("of %s are all of 02-app's, so that one tfvars file serves both", (stack) => {
    expect(Object.keys(variables[stack])).toEqual(variableDefinitions.map(({ name }) => name).sort());
    for (const name of Object.keys(variables[stack])) expect(variables[stack][name].type).toBe("string");
  });

  test("are required only by the stack that reads them", () => {
    const required = (stack: "network" | "app") =>
      Object.keys(variables[stack]).filter((name) => !("default" in variables[stack][name]));
    expect(required("network")).toEqual(["cruddur_dns_name"]);
    expect(required("app")).toEqual([
      "cognito_user_pool_client_id",
      "cognito_user_pool_id",
      "cruddur_dns_name",
      "db_connection_url",
      "db_password",
      "db_username",
      "ecs_service_desired_count",
      "honeycomb_api_key",
      "rollbar_access_token",
    ]);
  });

  test.each(["network", "app"] as const)("with secrets are sensitive in %s", (stack) => {
    const marked = Object.keys(variables[stack]).filter((name) => variables[stack][name].sensitive);
    expect(marked).toEqual(sensitive);
  });
});
