/** Values for the Terraform variables where no real ones are needed; none of them opens anything. */
export const sampleVariables = {
  cruddur_dns_name: "cruddur.example.com",
  ecs_service_desired_count: "1",
  cognito_user_pool_id: "us-east-1_dummy",
  cognito_user_pool_client_id: "dummyclient",
  db_username: "cruddurroot",
  db_password: "not-a-real-password",
  db_connection_url: "postgresql://u:p@h:5432/cruddur",
  honeycomb_api_key: "honeycomb-dummy",
  rollbar_access_token: "rollbar-dummy",
  gitpod_cidr_block: "10.0.0.1/32",
} as const;

/** Variables of Terraform's environment. */
export function tfVariables(values: Readonly<Record<string, string>> = sampleVariables): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`TF_VAR_${name}`, value]));
}
