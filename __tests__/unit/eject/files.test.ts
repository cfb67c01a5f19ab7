import { fileOf } from "../../../eject/files";
import { variablesExample } from "../../../eject/variables-example";

test.each([
  ["aws_ecr_repository", "ecr"],
  ["aws_ecs_service", "ecs"],
  ["aws_service_discovery_http_namespace", "ecs"],
  ["aws_route53_record", "dns"],
  ["aws_acm_certificate_validation", "dns"],
  ["aws_iam_role", "iam"],
  ["aws_db_instance", "rds"],
  ["aws_dynamodb_table", "dynamodb"],
  ["aws_cognito_user_pool", "cognito"],
  ["aws_xray_group", "xray"],
  ["aws_cloudwatch_log_group", "cloudwatch"],
  ["aws_lb", "alb"],
  ["aws_default_security_group", "vpc"],
  ["aws_vpc_endpoint", "vpc"],
  ["aws_instance", "ec2"],
  ["aws_s3_bucket", "s3"],
  ["docker_image", "docker"],
  ["override_thing", "overrides"],
])("%s lies in %s.tf", (type, file) => {
  expect(fileOf({ section: "resource", type })).toBe(file);
});

test.each([
  ["terraform", "provider"],
  ["provider", "provider"],
  ["variable", "variables"],
  ["output", "outputs"],
  ["data", "data"],
])("a %s block lies in %s.tf", (section, file) => {
  expect(fileOf({ section, type: "aws_ecs_service" })).toBe(file);
});

test("the example of a tfvars file sets what has to be set, but no secret", () => {
  const text = variablesExample({
    domain: {
      type: "string",
      description: "The domain.",
      validation: [{ error_message: 'Not so: such as "a.example".' }],
    },
    count: { type: "number" },
    tags: { type: "map(string)" },
    password: { type: "string", sensitive: true, description: "The password." },
    profile: { type: "string", default: null },
    zones: { type: "list(string)", default: ["a", "${b}"] },
  });
  expect(text.match(/^\w.*$/gm)).toEqual(['domain = "a.example"', "count = 1", "tags = {}"]);
  expect(text).toContain("# The domain.\ndomain");
  expect(text).toContain('# The password.\n# password = "…"');
  expect(text).toContain('# profile = "…"');
  expect(text).toContain('# zones = ["a", "$${b}"]');
});
