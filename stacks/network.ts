import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { DnsCertificate } from "../constructs/acm/dns-certificate";
import { HostRoute } from "../constructs/alb/host-route";
import { LoadBalancer } from "../constructs/alb/load-balancer";
import { AwsEnvironment } from "../constructs/aws-environment";
import { HostedZone } from "../constructs/route53/hosted-zone";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { configureBackend } from "../constructs/terraform/state-backend";
import { Variables } from "../constructs/terraform/variables";
import { DefaultVpc } from "../constructs/vpc/default-vpc";
import { DynamoDbEndpoint } from "../constructs/vpc/dynamodb-endpoint";
import { SecurityGroups } from "../constructs/vpc/security-groups";
import type { ServiceDefinition } from "../services/definition";
import type { Settings } from "../settings/schema";
import { networkOutputs } from "./network-outputs";

export interface NetworkStackProps {
  readonly settings: Settings;
  readonly services: readonly ServiceDefinition[];
}

/** What requests pass on their way to a task: names, certificate, load balancer, security groups. */
export class NetworkStack extends AddressedStack {
  readonly vpc: DefaultVpc;
  readonly zone: HostedZone;
  readonly securityGroups: SecurityGroups;
  readonly certificate: DnsCertificate;
  readonly loadBalancer: LoadBalancer;
  /** By service name. */
  readonly routes: ReadonlyMap<string, HostRoute>;

  constructor(scope: Construct, id: string, { settings, services }: NetworkStackProps) {
    super(scope, id);
    configureBackend(this, settings);
    const variables = new Variables(this, "Variables", { stack: id });
    new AwsEnvironment(this, "Aws", { variables, settings });

    this.vpc = new DefaultVpc(this, "default", { subnetFilters: settings.subnetFilters });
    this.zone = new HostedZone(this, "cruddur_route53_zone", { domain: variables.value("cruddur_dns_name") });
    this.securityGroups = new SecurityGroups(this, "SecurityGroups", { vpcId: this.vpc.vpcId });
    new DynamoDbEndpoint(this, "dynamodb", { vpcId: this.vpc.vpcId });
    this.certificate = new DnsCertificate(this, "cruddur", { zone: this.zone });
    this.loadBalancer = new LoadBalancer(this, "cruddur_backend_lb", {
      certificate: this.certificate,
      securityGroups: this.securityGroups,
      subnetIds: this.vpc.subnetIds,
    });
    this.routes = this.routesTo(services);
    this.addOutputs();
  }

  private routesTo(services: readonly ServiceDefinition[]): ReadonlyMap<string, HostRoute> {
    const { loadBalancer, zone } = this;
    const routes = new Map<string, HostRoute>();
    for (const service of services) {
      if (service.route === undefined) continue;
      const route = new HostRoute(this, { service, route: service.route, loadBalancer, zone, vpcId: this.vpc.vpcId });
      routes.set(service.name, route);
    }
    return routes;
  }

  private addOutputs(): void {
    const byService = (value: (route: HostRoute) => string) =>
      Object.fromEntries([...this.routes].map(([name, route]) => [name, value(route)]));
    const values: Record<keyof typeof networkOutputs, unknown> = {
      ecs_security_group_id: this.securityGroups.services.id,
      rds_security_group_id: this.securityGroups.database.id,
      target_group_arns: byService((route) => route.targetGroupArn),
      domain_names: byService((route) => route.host),
      certificate_arn: this.certificate.arn,
      load_balancer_dns_name: this.loadBalancer.dnsName,
    };
    for (const [name, description] of Object.entries(networkOutputs)) {
      new TerraformOutput(this, name, { value: values[name as keyof typeof networkOutputs], description });
    }
  }
}
