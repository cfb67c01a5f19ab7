import { currentProvider } from "../../../state/provider-address";

const aws = 'provider["registry.terraform.io/hashicorp/aws"]';

test.each([
  ["provider.aws", aws],
  ["provider.aws.west", `${aws}.west`],
  ['provider["registry.terraform.io/-/aws"]', aws],
  ['provider["registry.terraform.io/-/aws"].west', `${aws}.west`],
  ["module.a.provider.aws", `module.a.${aws}`],
  ['module.a.module.b.provider["registry.terraform.io/-/aws"].west', `module.a.module.b.${aws}.west`],
  ["provider.random", 'provider["registry.terraform.io/hashicorp/random"]'],
  ["provider.docker", 'provider["registry.terraform.io/kreuzwerker/docker"]'],
  ["provider.google-beta", "provider.google-beta"],
  ["provider.datadog", "provider.datadog"],
  [aws, aws],
  [`${aws}.west`, `${aws}.west`],
  ['provider["registry.opentofu.org/hashicorp/aws"]', aws],
  ['module.a.provider["registry.opentofu.org/hashicorp/aws"].west', `module.a.${aws}.west`],
  ['provider["registry.example.com/-/aws"]', 'provider["registry.example.com/-/aws"]'],
])("%s is %s", (address, expected) => expect(currentProvider(address)).toBe(expected));

test("OpenTofu finds the providers that it has written", () => {
  const address = 'provider["registry.opentofu.org/hashicorp/aws"].west';
  expect(currentProvider(address, "/opt/bin/tofu")).toBe(address);
  expect(currentProvider("provider.aws", "/opt/bin/tofu")).toBe(aws);
});
