/** What messages call the program, by the name of its file until it has said itself what it is. */
import { terraformAdvice } from "../../../terraform/terraform";

const loaded = (binary: string | undefined) => {
  if (binary === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = binary;
  let tool: typeof import("../../../terraform/tool") | undefined;
  jest.isolateModules(() => {
    tool = require("../../../terraform/tool");
  });
  return tool as NonNullable<typeof tool>;
};

const former = process.env.TERRAFORM_BINARY_NAME;
afterAll(() => {
  if (former === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = former;
});

test.each([
  [undefined, "Terraform", "terraform"],
  ["", "Terraform", "terraform"],
  ["tofu", "OpenTofu", "tofu"],
  ["/opt/opentofu/bin/tofu", "OpenTofu", "tofu"],
  ["/opt/tofu/terraform", "Terraform", "terraform"],
])("TERRAFORM_BINARY_NAME=%s is %s", (binary, name, command) => {
  const { toolName, toolCommand } = loaded(binary);
  expect([toolName(), toolCommand()]).toEqual([name, command]);
});

test("what it has said of itself counts more than its name", () => {
  const { toolName, tellTool } = loaded("/usr/local/bin/terraform");
  tellTool("OpenTofu");
  expect(toolName()).toBe("OpenTofu");
});

test("advice names where to get it", () => {
  process.env.TERRAFORM_BINARY_NAME = "tofu";
  expect(terraformAdvice()).toMatch(/^install OpenTofu 1\.10\.0 or later \(https:\/\/opentofu\.org/);
  delete process.env.TERRAFORM_BINARY_NAME;
  expect(terraformAdvice()).toMatch(/^install Terraform 1\.10\.0 or later \(https:\/\/developer\.hashicorp\.com/);
});
