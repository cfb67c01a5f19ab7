import { synth } from "../../../../tools/testing";

describe("Tracing", () => {
  const { app } = synth();

  test("samples five of the backend's requests a second, and a tenth of the others", () => {
    expect(app.resource("aws_xray_sampling_rule.cruddur")).toEqual({
      rule_name: "Cruddur",
      version: 1,
      priority: 9000,
      reservoir_size: 5,
      fixed_rate: 0.1,
      service_name: "cruddur-backend-flask",
      service_type: "*",
      host: "*",
      http_method: "*",
      url_path: "*",
      resource_arn: "*",
    });
  });

  test("groups the backend's traces", () => {
    expect(app.resource("aws_xray_group.cruddur")).toEqual({
      group_name: "cruddur",
      filter_expression: 'service("cruddur-backend-flask")',
    });
  });
});
