import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

export interface ClusterProps {
  /** How long CloudWatch keeps the tasks' logs, in days. */
  readonly logRetentionDays: number;
}

/**
 * The ECS cluster with the log group of its tasks and the Service Connect namespace in which they find each other.
 *
 * `aws_ecs_cluster.ID`, `aws_cloudwatch_log_group.ID`, `aws_service_discovery_http_namespace.ID`
 */
export class Cluster extends Construct {
  readonly cluster: EcsCluster;
  readonly logGroup: CloudwatchLogGroup;
  /** In which Service Connect resolves names. */
  readonly namespace: ServiceDiscoveryHttpNamespace;
  readonly id: string;
  readonly name: string;
  readonly namespaceArn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const names = namesOf(this);
    // No encryption of its own: a known weakness, kept.
    this.logGroup = new CloudwatchLogGroup(this, "LogGroup", {
      name: names.logGroup,
      retentionInDays: props.logRetentionDays,
    });
    this.namespace = new ServiceDiscoveryHttpNamespace(this, "Namespace", { name: names.namespace });
    this.cluster = new EcsCluster(this, "Cluster", {
      name: names.cluster,
      serviceConnectDefaults: { namespace: this.namespace.arn },
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    this.id = this.cluster.id;
    this.name = this.cluster.name;
    this.namespaceArn = this.namespace.arn;
    this.logGroupName = this.logGroup.name;
  }
}
