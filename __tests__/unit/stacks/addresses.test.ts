import { synth } from "../../../tools/testing";
import { expectedAddresses } from "../../support/expected-addresses";

/** The instances of the validation records follow the certificate's names, which only Terraform knows. */
function withoutKeysOfRecords(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => address.replace(/^(aws_route53_record\.cruddur)\[.*/, "$1")))].sort();
}

describe("addresses", () => {
  const { network, app } = synth();
  const expected = expectedAddresses("cruddur.example.com");

  test("the network stack has its 20 instances and no other", () => {
    expect(network.addresses()).toEqual(withoutKeysOfRecords(expected.network));
    expect(expected.network).toHaveLength(20);
  });

  test("the app stack has its 36 instances and no other", () => {
    expect(app.addresses()).toEqual(expected.app);
    expect(expected.app).toHaveLength(36);
  });

  test("each stack looks up what it needs itself", () => {
    expect(Object.keys(network.json.data).sort()).toEqual(["aws_region", "aws_route53_zone", "aws_subnets", "aws_vpc"]);
    expect(Object.keys(app.json.data).sort()).toEqual([
      "aws_caller_identity",
      "aws_lambda_function",
      "aws_region",
      "aws_subnets",
      "aws_vpc",
      "terraform_remote_state",
    ]);
  });
});
