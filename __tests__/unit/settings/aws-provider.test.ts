import { awsProviderForm, awsProviderProblem } from "../../../settings/aws-provider";
import { settingsSchema } from "../../../settings/schema";

const both = { regionAttribute: "region", indexKeys: "key_schema" };
const six = { regionAttribute: "region", indexKeys: "hash_key" };
const five = { regionAttribute: "name", indexKeys: "hash_key" };

test.each([
  "5.100.0",
  "~> 5.100",
  "~> 4.67",
  "> 5.0, < 6.0.0",
  ">= 4.55.0, < 6",
  "<= 5.100.0",
  "6.5.0",
  "~> 6.5",
  ">= 6.37, < 7",
  ">= 6.5",
])("%s is accepted", (awsProviderVersion) => {
  expect(settingsSchema.parse({ awsProviderVersion }).awsProviderVersion).toBe(awsProviderVersion);
});

test.each([
  ["6.0.0", /^it allows 6\.0 to 6\.4, which can plan to replace resources because of their new argument region$/],
  ["6.0.0-beta1", /6\.0 to 6\.4/],
  ["~> 6.4.0", /6\.0 to 6\.4/],
  ["~> 6.0", /6\.0 to 6\.4/],
  [">= 4.55.0", /6\.0 to 6\.4/],
  ["> 5.100.0", /6\.0 to 6\.4/],
  ["~> 4.54.0", /before 4\.55/],
  ["3.76.1", /before 4\.55/],
  ["7.0.0", /version 7/],
  [">= 6.5, < 6", /no version satisfies it/],
])("%s is refused with the reason", (constraint, reason) => {
  expect(awsProviderProblem(constraint)).toMatch(reason);
});

test.each([
  ["5.100.0", undefined, five],
  ["~> 4.67", "5.100.0", five],
  ["6.5.0", undefined, six],
  ["~> 6.36.0", undefined, six],
  ["6.37.0", undefined, both],
  ["~> 6.5", undefined, both],
  // The lock file decides where the constraint leaves a choice, and nothing where it doesn't allow what is locked.
  ["~> 6.5", "6.30.0", six],
  ["~> 6.5", "6.66.0", both],
  ["~> 6.5", "5.100.0", both],
  ["> 5.0, < 6.0.0", "5.100.0", five],
])("%s with %s locked is written as for that version", (constraint, locked, form) => {
  expect(awsProviderForm(constraint, locked)).toEqual(form);
});
