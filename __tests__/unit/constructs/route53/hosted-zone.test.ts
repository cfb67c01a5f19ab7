import { synth } from "../../../../tools/testing";

test("the hosted zone is looked up by the domain", () => {
  expect(synth().network.resource("data.aws_route53_zone.cruddur_route53_zone")).toEqual({
    name: "${var.cruddur_dns_name}",
  });
});
