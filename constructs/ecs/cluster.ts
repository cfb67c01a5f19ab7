import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { Construct } from "constructs";
import { clusterName, logGroupName } from "../../services/names";

/**
 * The ECS cluster with the log group of its tasks and the Service Connect namespace in which they find each other.
 *
 * `aws_ecs_cluster.ID`, `aws_cloudwatch_log_group.ID`, `aws_service_discovery_http_namespace.ID`
 */
export class Cluster extends Construct {
  readonly id: string;
  readonly name: string;
  readonly namespaceArn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Logs kept one day and no encryption of its own: known weaknesses, kept.
    const logGroup = new CloudwatchLogGroup(this, "LogGroup", { name: logGroupName, retentionInDays: 1 });
    const namespace = new ServiceDiscoveryHttpNamespace(this, "Namespace", { name: clusterName });
    const cluster = new EcsCluster(this, "Cluster", {
      name: clusterName,
      serviceConnectDefaults: { namespace: namespace.arn },
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    this.id = cluster.id;
    this.name = cluster.name;
    this.namespaceArn = namespace.arn;
    this.logGroupName = logGroup.name;
  }
}
