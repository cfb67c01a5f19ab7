import { synth } from "../../../../tools/testing";

test("the VPC reaches DynamoDB of its own region by a gateway", () => {
  expect(synth().network.resource("aws_vpc_endpoint.dynamodb")).toEqual({
    vpc_id: "${data.aws_vpc.default.id}",
    service_name: "com.amazonaws.${data.aws_region.current.name}.dynamodb",
    vpc_endpoint_type: "Gateway",
    tags: { Name: "DynamoDB-Endpoint" },
  });
});
