import type { Construct } from "constructs";
import { DnsCertificate } from "../constructs/acm/dns-certificate";
import { HostRoute } from "../constructs/alb/host-route";
import { LoadBalancer } from "../constructs/alb/load-balancer";
import { AlarmTopic } from "../constructs/cloudwatch/alarm-topic";
import { EdgeAlarms } from "../constructs/cloudwatch/edge-alarms";
import { HostedZone } from "../constructs/route53/hosted-zone";
import { terraformName } from "../constructs/terraform/addressed-stack";
import { DefaultVpc } from "../constructs/vpc/default-vpc";
import { DynamoDbEndpoint } from "../constructs/vpc/dynamodb-endpoint";
import { SecurityGroups } from "../constructs/vpc/security-groups";
import { ownSecretsOf, routeName, type ServiceDefinition, secretVariable } from "../services/definition";
import type { StackId } from "../services/names";
import type { Settings } from "../settings/schema";
import { networkOutputs } from "./network-outputs";
import { ProjectStack, type ProjectStackProps } from "./project-stack";

export interface NetworkStackProps extends ProjectStackProps {
  readonly services: readonly ServiceDefinition[];
}

/** What requests pass on their way to a task: names, certificate, load balancer, security groups. */
export class NetworkStack extends ProjectStack {
  readonly vpc: DefaultVpc;
  readonly zone: HostedZone;
  readonly securityGroups: SecurityGroups;
  readonly dynamoDbEndpoint: DynamoDbEndpoint;
  readonly certificate: DnsCertificate;
  readonly loadBalancer: LoadBalancer;
  /** By service name. */
  readonly routes: ReadonlyMap<string, HostRoute>;
  /** Absent unless the setting alarms has them. */
  readonly alarms?: { readonly topic: AlarmTopic; readonly edge: EdgeAlarms };

  constructor(scope: Construct, id: StackId, props: NetworkStackProps) {
    super(scope, id, { ...props, secretVariables: ownSecretsOf(props.services).map(secretVariable) });
    const { settings, services } = props;
    this.vpc = new DefaultVpc(this, "default", { subnetFilters: settings.subnetFilters });
    this.zone = new HostedZone(this, "cruddur_route53_zone", { domain: this.variables.value("cruddur_dns_name") });
    this.securityGroups = new SecurityGroups(this, "SecurityGroups", { vpcId: this.vpc.vpcId });
    this.dynamoDbEndpoint = new DynamoDbEndpoint(this, "dynamodb", {
      vpcId: this.vpc.vpcId,
      regionAttribute: this.awsForm.regionAttribute,
    });
    this.certificate = new DnsCertificate(this, "cruddur", { zone: this.zone, domain: this.hostsDomain });
    this.loadBalancer = new LoadBalancer(this, "cruddur_backend_lb", {
      certificate: this.certificate,
      securityGroups: this.securityGroups,
      subnetIds: this.vpc.subnetIds,
    });
    this.routes = this.routesTo(services);
    this.alarms = this.addAlarms(settings);
    this.addOutputs();
  }

  private addAlarms({ alarms: { enabled, emails } }: Settings): NetworkStack["alarms"] {
    if (!enabled) return undefined;
    const topic = new AlarmTopic(this, "alarms", { emails });
    const { loadBalancer, routes } = this;
    return { topic, edge: new EdgeAlarms(this, "EdgeAlarms", { loadBalancer, routes, topicArn: topic.arn }) };
  }

  private routesTo(services: readonly ServiceDefinition[]): ReadonlyMap<string, HostRoute> {
    const { loadBalancer, zone, hostsDomain: domain } = this;
    const { vpcId } = this.vpc;
    const routes = new Map<string, HostRoute>();
    for (const service of services) {
      const { name, route } = service;
      if (route === undefined) continue;
      routes.set(
        name,
        new HostRoute(this, terraformName(routeName(route)), { service, route, loadBalancer, zone, domain, vpcId }),
      );
    }
    return routes;
  }

  private addOutputs(): void {
    const byService = (value: (route: HostRoute) => string) =>
      Object.fromEntries([...this.routes].map(([name, route]) => [name, value(route)]));
    const values: Record<keyof typeof networkOutputs, unknown> = {
      ecs_security_group_id: this.securityGroups.services.id,
      rds_security_group_id: this.securityGroups.database.id,
      target_group_arns: byService((route) => route.targetGroup.arn),
      domain_names: byService((route) => route.host),
      certificate_arn: this.certificate.arn,
      load_balancer_dns_name: this.loadBalancer.dnsName,
    };
    for (const [name, description] of Object.entries(networkOutputs)) {
      this.addOutput(name, values[name as keyof typeof networkOutputs], description);
    }
  }
}
