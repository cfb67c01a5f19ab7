import { missingVariables } from "../../../terraform/missing-variables";

const missing = (name: string) => `
Error: No value for required variable

  on cdk.tf.json line 12, in variable.${name}:
  12:     "${name}": {

The root module input variable "${name}" is not set, and has no
default value. Use a -var or -var-file command line argument to provide a
value for this variable.
`;

test("the names of all, framed or not", () => {
  const framed = missing("db_password").replace(/^/gm, "│ ");
  expect(missingVariables(missing("cruddur_dns_name") + framed)).toEqual(["cruddur_dns_name", "db_password"]);
});

test("nothing where another thing is wrong, too", () => {
  expect(missingVariables(`${missing("a")}\nError: Invalid index\n\n  on cdk.tf.json line 1`)).toBeUndefined();
  expect(missingVariables("")).toBeUndefined();
});
