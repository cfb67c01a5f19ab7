import { synth } from "../../../../tools/testing";

describe("DnsCertificate", () => {
  const { network } = synth();

  test("covers the domain and the names below it, and is replaced before it goes", () => {
    expect(network.resource("aws_acm_certificate.cruddur")).toEqual({
      domain_name: "${var.cruddur_dns_name}",
      subject_alternative_names: ["*.${var.cruddur_dns_name}"],
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
  });

  test("keys the records by domain name, known on a first plan", () => {
    const { for_each: each, ...record } = network.resource("aws_route53_record.cruddur");
    expect(each).toBe(
      "${{ for option in aws_acm_certificate.cruddur.domain_validation_options : option.domain_name => { name = option.resource_record_name, record = option.resource_record_value, type = option.resource_record_type } }}",
    );
    expect(record).toEqual({
      name: "${each.value.name}",
      type: "${each.value.type}",
      records: ["${each.value.record}"],
      zone_id: "${data.aws_route53_zone.cruddur_route53_zone.zone_id}",
      ttl: 60,
      allow_overwrite: true,
    });
  });

  test("is validated by all of its records, and used only when it is", () => {
    expect(network.resource("aws_acm_certificate_validation.cruddur")).toEqual({
      certificate_arn: "${aws_acm_certificate.cruddur.arn}",
      validation_record_fqdns: expect.stringMatching(/^\$\{\[ for .* in aws_route53_record\.cruddur: .*\.fqdn\]\}$/),
    });
    expect(network.resource("aws_lb_listener.main").certificate_arn).toBe(
      "${aws_acm_certificate_validation.cruddur.certificate_arn}",
    );
  });
});
