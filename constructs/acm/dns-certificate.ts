import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformIterator, Token } from "cdktf";
import { Construct } from "constructs";
import type { HostedZone } from "../route53/hosted-zone";

export interface DnsCertificateProps {
  /** Where the validation records go. */
  readonly zone: HostedZone;
  /** The certificate is for it and every name directly below. @default the zone's */
  readonly domain?: string;
}

/**
 * A certificate that proves its domain by DNS records.
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 *
 * `aws_acm_certificate.ID`, `aws_route53_record.ID["DOMAIN"]`, `aws_acm_certificate_validation.ID`
 */
export class DnsCertificate extends Construct {
  readonly certificate: AcmCertificate;
  /** One block, iterated over the certificate's names. */
  readonly records: Route53Record;
  readonly validation: AcmCertificateValidation;
  /** ARN of the *validated* certificate: what uses it waits for the validation. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { zone, domain = zone.domain }: DnsCertificateProps) {
    super(scope, id);
    this.certificate = new AcmCertificate(this, "Certificate", {
      domainName: domain,
      subjectAlternativeNames: [`*.${domain}`],
      validationMethod: "DNS",
      lifecycle: { createBeforeDestroy: true },
    });
    // Not TerraformIterator.fromComplexList: its tolist() makes the keys unknown on the first plan of a new account.
    const options = TerraformIterator.fromMap(
      Token.asAnyMap(
        `\${{ for option in ${this.certificate.fqn}.domain_validation_options : option.domain_name => { name = option.resource_record_name, record = option.resource_record_value, type = option.resource_record_type } }}`,
      ),
    );
    this.records = new Route53Record(this, "Records", {
      forEach: options,
      zoneId: zone.zoneId,
      name: options.getString("name"),
      type: options.getString("type"),
      records: [options.getString("record")],
      ttl: 60,
      // A name and its wildcard have the same record: the second one overwrites the first with the same content.
      allowOverwrite: true,
    });
    this.validation = new AcmCertificateValidation(this, "Validation", {
      certificateArn: this.certificate.arn,
      validationRecordFqdns: TerraformIterator.fromResources(this.records).pluckProperty("fqdn") as unknown as string[],
    });
    this.arn = this.validation.certificateArn;
  }
}
