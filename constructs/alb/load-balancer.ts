import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import type { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { ports } from "../../services/names";
import type { DnsCertificate } from "../acm/dns-certificate";
import { namesOf } from "../environment-names";
import type { SecurityGroups } from "../vpc/security-groups";

export interface LoadBalancerProps {
  readonly certificate: DnsCertificate;
  readonly securityGroups: SecurityGroups;
  readonly subnetIds: string[];
}

/**
 * The application load balancer of the public hosts. HTTP is redirected to HTTPS; HTTPS goes where the routes say.
 *
 * `aws_lb.ID`, `aws_lb_listener.http_to_https`, `aws_lb_listener.main`
 */
export class LoadBalancer extends Construct {
  readonly lb: Lb;
  /** Redirects to HTTPS. */
  readonly httpListener: LbListener;
  readonly httpsListener: LbListener;
  readonly dnsName: string;
  readonly zoneId: string;

  constructor(scope: Construct, id: string, { certificate, securityGroups, subnetIds }: LoadBalancerProps) {
    super(scope, id);
    this.lb = new Lb(this, "LoadBalancer", {
      name: namesOf(this).loadBalancer,
      internal: false,
      loadBalancerType: "application",
      securityGroups: [securityGroups.loadBalancer.id],
      subnets: subnetIds,
      enableDeletionProtection: false,
    });
    this.httpListener = new LbListener(this, "http_to_https", {
      loadBalancerArn: this.lb.arn,
      port: ports.http,
      protocol: "HTTP",
      defaultAction: [
        { type: "redirect", redirect: { port: String(ports.https), protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
    });
    this.httpsListener = new LbListener(this, "main", {
      loadBalancerArn: this.lb.arn,
      port: ports.https,
      protocol: "HTTPS",
      certificateArn: certificate.arn,
      defaultAction: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
    });
    this.dnsName = this.lb.dnsName;
    this.zoneId = this.lb.zoneId;
  }

  /** Sends what no rule takes to this target group. Without it the answer is 404. */
  forwardByDefault(targetGroup: LbTargetGroup): void {
    this.httpsListener.putDefaultAction([{ type: "forward", targetGroupArn: targetGroup.arn }]);
  }
}
