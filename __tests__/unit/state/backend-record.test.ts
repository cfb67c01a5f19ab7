import { currentArguments, endedArguments, movedArguments, renamedArguments } from "../../../state/backend-record";

const current = (config: Record<string, unknown>) => currentArguments(config, "/module");

test("a record of Terraform 1.3 with a role and endpoints", () => {
  const config = {
    access_key: null,
    acl: null,
    assume_role_duration_seconds: 3600,
    assume_role_policy: null,
    assume_role_policy_arns: ["arn:aws:iam::123456789012:policy/p"],
    assume_role_tags: { Team: "web" },
    assume_role_transitive_tag_keys: null,
    bucket: "states",
    dynamodb_endpoint: "https://dynamodb.example.com",
    dynamodb_table: "locks",
    encrypt: true,
    endpoint: "https://s3.example.com",
    external_id: "external",
    force_path_style: true,
    iam_endpoint: null,
    key: "a/k",
    kms_key_id: "",
    max_retries: 3,
    role_arn: "arn:aws:iam::123456789012:role/states",
    session_name: "team",
    shared_credentials_file: "credentials",
    skip_metadata_api_check: null,
    sts_endpoint: "https://sts.example.com",
  };
  expect(current(config)).toEqual({
    assume_role: {
      role_arn: "arn:aws:iam::123456789012:role/states",
      duration: "3600s",
      external_id: "external",
      policy_arns: ["arn:aws:iam::123456789012:policy/p"],
      session_name: "team",
      tags: { Team: "web" },
    },
    bucket: "states",
    dynamodb_table: "locks",
    encrypt: true,
    endpoints: {
      s3: "https://s3.example.com",
      dynamodb: "https://dynamodb.example.com",
      sts: "https://sts.example.com",
    },
    key: "a/k",
    max_retries: 3,
    shared_credentials_files: ["/module/credentials"],
    use_path_style: true,
  });
});

test("a record of Terraform 0.11, in its own words", () => {
  const config = {
    bucket: "b",
    key: "k",
    lock_table: "locks",
    encrypt: "1",
    skip_get_ec2_platforms: true,
    skip_region_validation: 0,
  };
  expect(current(config)).toEqual({
    bucket: "b",
    key: "k",
    dynamodb_table: "locks",
    encrypt: true,
    skip_region_validation: false,
  });
});

test("today's names go before the old ones, and stay what they are", () => {
  const config = {
    assume_role: { role_arn: "arn:new", duration: "1h", policy: null, tags: {} },
    role_arn: "arn:old",
    endpoints: { s3: "https://new", sso: null },
    endpoint: "https://old",
    force_path_style: true,
    use_path_style: false,
    use_legacy_workflow: true,
    shared_config_files: ["~/.aws/states", "config"],
  };
  expect(current(config)).toEqual({
    assume_role: { role_arn: "arn:new", duration: "1h" },
    endpoints: { s3: "https://new" },
    use_path_style: false,
    shared_config_files: ["~/.aws/states", "/module/config"],
  });
});

test("endpoints without a scheme, as they were taken before 1.6", () => {
  const config = { endpoint: "s3.example.com", dynamodb_endpoint: "localhost:4566", sts_endpoint: "http://sts" };
  expect(current(config)).toEqual({
    endpoints: { s3: "https://s3.example.com", dynamodb: "https://localhost:4566", sts: "http://sts" },
  });
});

test("without a role nothing is assumed", () => {
  expect(current({ bucket: "b", key: "k", session_name: "team", external_id: "x" })).toEqual({ bucket: "b", key: "k" });
});

test("no old name is left", () => {
  const names = [...Object.keys(movedArguments), ...Object.keys(renamedArguments), ...endedArguments];
  const all = Object.fromEntries(names.map((name) => [name, "x"]));
  expect(Object.keys(current(all)).filter((name) => names.includes(name))).toEqual([]);
});
