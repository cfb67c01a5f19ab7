import type { TerraformRemoteState } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../constructs/aws-account";
import { alarmTopicArn } from "../constructs/cloudwatch/alarm-topic";
import { DatabaseAlarms } from "../constructs/cloudwatch/database-alarms";
import { TaskStops } from "../constructs/cloudwatch/task-stops";
import { UserPool } from "../constructs/cognito/user-pool";
import { buildDeployment, type ImageTag, imageTagOf } from "../constructs/docker/image-tag";
import { MessagesTable } from "../constructs/dynamodb/messages-table";
import { Repositories } from "../constructs/ecr/repositories";
import { Cluster } from "../constructs/ecs/cluster";
import { grantExecuteCommand } from "../constructs/ecs/execute-command";
import { FargateService } from "../constructs/ecs/fargate-service";
import { namesOf } from "../constructs/environment-names";
import { EcsRole } from "../constructs/iam/ecs-role";
import { DeployedFunction } from "../constructs/lambda/deployed-function";
import { Database } from "../constructs/rds/database";
import { Secrets } from "../constructs/ssm/secrets";
import { terraformName } from "../constructs/terraform/addressed-stack";
import { remoteState } from "../constructs/terraform/state-backend";
import { DefaultVpc } from "../constructs/vpc/default-vpc";
import { Tracing } from "../constructs/xray/tracing";
import type { BuiltImage } from "../images/built";
import { suggestion } from "../lib/nearest";
import { shown, UserError } from "../lib/user-error";
import { ownSecretsOf, type ServiceDefinition, secretVariable, underscored } from "../services/definition";
import { repositoriesOf } from "../services/image-tags";
import { type StackId, stackIds } from "../services/names";
import { lambdaFunctionsOf } from "../settings/lambda-functions";
import type { Settings } from "../settings/schema";
import type { NetworkStack } from "./network";
import { NetworkReferences } from "./network-outputs";
import { ProjectStack, type ProjectStackProps } from "./project-stack";

export interface AppStackProps extends ProjectStackProps {
  readonly services: readonly ServiceDefinition[];
  /** Deployed before: its outputs are read from its state. */
  readonly network: NetworkStack;
  /** Images whose content hashes the task definitions name. @default none: the tags of the services' list */
  readonly images?: readonly BuiltImage[];
}

/** What runs, and what it keeps: services, images, roles, secrets, database, table, users, traces. */
export class AppStack extends ProjectStack {
  readonly account: AwsAccount;
  readonly networkState: TerraformRemoteState;
  /** What it reads from there. */
  readonly network: NetworkReferences;
  readonly vpc: DefaultVpc;
  readonly repositories: Repositories;
  readonly secrets: Secrets;
  readonly messages: MessagesTable;
  /** The function that reads the stream of messages. */
  readonly messageStream: DeployedFunction;
  /** The function that Cognito calls after a sign-up. */
  readonly postConfirmation: DeployedFunction;
  readonly userPool: UserPool;
  readonly database: Database;
  readonly executionRole: EcsRole;
  readonly taskRole: EcsRole;
  readonly cluster: Cluster;
  readonly tracing: Tracing;
  /** Tags by content, by repository; empty unless images are deployed by hash. */
  readonly imageTags: ReadonlyMap<string, ImageTag>;
  /** By service name. */
  readonly services: ReadonlyMap<string, FargateService>;
  /** Absent unless the setting alarms has them. */
  readonly alarms?: { readonly database: DatabaseAlarms; readonly taskStops: TaskStops };

  private readonly settings: Settings;

  constructor(scope: Construct, id: StackId, props: AppStackProps) {
    super(scope, id, { ...props, secretVariables: ownSecretsOf(props.services).map(secretVariable) });
    const { project, settings, services, network, images = [] } = props;
    this.settings = settings;
    this.account = new AwsAccount(this, "current", this.awsForm);
    this.networkState = remoteState(this, stackIds.network, network, { ...settings, project });
    this.network = new NetworkReferences(this.networkState);
    this.vpc = new DefaultVpc(this, "default", { subnetFilters: settings.subnetFilters });

    this.repositories = new Repositories(this, "repo", {
      names: repositoriesOf(services),
      preventDestroy: this.isProtected("repositories"),
    });
    this.secrets = this.addSecrets(ownSecretsOf(services));
    const data = new Construct(this, "Data");
    this.messages = new MessagesTable(data, "cruddur_messages_table", {
      preventDestroy: this.isProtected("table"),
      indexKeys: this.awsForm.indexKeys,
    });
    this.messageStream = this.addMessageStream(data);
    this.database = this.addDatabase(data);
    const identity = new Construct(this, "Identity");
    this.postConfirmation = new DeployedFunction(identity, "post_confirmation_trigger", {
      functionName: lambdaFunctionsOf(settings).postConfirmation,
    });
    this.userPool = this.addUserPool(identity);
    this.executionRole = this.addExecutionRole();
    this.taskRole = this.addTaskRole();
    this.cluster = new Cluster(this, "cruddur", { logRetentionDays: settings.logs.retentionDays });
    this.imageTags = this.addImageTags(images);
    this.services = this.addServices(services);
    this.tracing = new Tracing(new Construct(this, "Tracing"), "cruddur");
    this.alarms = this.addAlarms();
    this.addOutputs();
  }

  private isProtected(kind: Settings["preventDestroyExcept"][number]): boolean {
    return this.settings.preventDestroy && !this.settings.preventDestroyExcept.includes(kind);
  }

  private addSecrets(own: readonly string[]): Secrets {
    const { variables } = this;
    return new Secrets(this, "secret", {
      account: this.account,
      values: {
        AWS_COGNITO_USER_POOL_CLIENT_ID: variables.value("cognito_user_pool_client_id"),
        AWS_COGNITO_USER_POOL_ID: variables.value("cognito_user_pool_id"),
        CONNECTION_URL: variables.value("db_connection_url"),
        HONEYCOMB_API_KEY: variables.value("honeycomb_api_key"),
        OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${variables.value("honeycomb_api_key")}`,
        ROLLBAR_ACCESS_TOKEN: variables.value("rollbar_access_token"),
        ...Object.fromEntries(own.map((name) => [name, variables.secret(secretVariable(name))])),
      },
    });
  }

  private addMessageStream(scope: Construct): DeployedFunction {
    const { messageStream: functionName } = lambdaFunctionsOf(this.settings);
    const reader = new DeployedFunction(scope, "message_stream", { functionName });
    reader.readStreamOf(this.messages);
    return reader;
  }

  private addDatabase(scope: Construct): Database {
    return new Database(scope, "cruddur", {
      ...this.settings.database,
      username: this.variables.value("db_username"),
      password: this.variables.value("db_password"),
      securityGroupId: this.network.rdsSecurityGroupId,
      preventDestroy: this.isProtected("database"),
    });
  }

  private addUserPool(scope: Construct): UserPool {
    const { postConfirmation } = this;
    const preventDestroy = this.isProtected("userPool");
    const userPool = new UserPool(scope, "cruddur", { postConfirmation, preventDestroy });
    postConfirmation.allowCallsFrom(userPool);
    return userPool;
  }

  private addExecutionRole(): EcsRole {
    const role = new EcsRole(this, "service", { name: namesOf(this).roles.execution });
    this.secrets.grantRead(role);
    role.addAwsManagedPolicy("service-role/AmazonECSTaskExecutionRolePolicy");
    return role;
  }

  /** One role for all tasks, and more of CloudWatch than they need: known weaknesses, kept. */
  private addTaskRole(): EcsRole {
    const role = new EcsRole(this, "task", { name: namesOf(this).roles.task, onlyTasksOf: this.account });
    grantExecuteCommand(role);
    this.messages.grantReadWrite(role);
    role.addAwsManagedPolicy("CloudWatchFullAccess");
    return role;
  }

  private addImageTags(images: readonly BuiltImage[]): ReadonlyMap<string, ImageTag> {
    const deployment = buildDeployment(this.account, this.variables, this.hostsDomain);
    return new Map(images.map((image) => [image.repository, imageTagOf(this, image, deployment)]));
  }

  private addServices(definitions: readonly ServiceDefinition[]): ReadonlyMap<string, FargateService> {
    const {
      account,
      cluster,
      executionRole,
      hostsDomain: domain,
      imageTags,
      network,
      secrets,
      taskRole,
      variables,
      vpc,
    } = this;
    const shared = {
      cluster,
      executionRole,
      taskRole,
      containers: { account, domain, secrets, logGroupName: cluster.logGroupName, imageTags },
      desiredCount: variables.numberValue("ecs_service_desired_count"),
      subnetIds: vpc.subnetIds,
      securityGroupIds: [network.ecsSecurityGroupId],
    };
    const { circuitBreaker, autoscaling } = this.settings;
    requireKnown(Object.keys(autoscaling), definitions);
    return new Map(
      definitions.map((definition) => {
        const scaling = autoscaling[definition.name];
        const targetGroupArn = definition.route && network.targetGroupArn(definition.name);
        const props = { ...shared, definition, targetGroupArn, circuitBreaker, scaling };
        return [definition.name, new FargateService(this, terraformName(underscored(definition.name)), props)];
      }),
    );
  }

  private addAlarms(): AppStack["alarms"] {
    const { enabled, databaseConnections } = this.settings.alarms;
    if (!enabled) return undefined;
    const { account, cluster, database } = this;
    const scope = new Construct(this, "Alarms");
    const topicArn = alarmTopicArn(account);
    return {
      database: new DatabaseAlarms(scope, "Database", { database, topicArn, mostConnections: databaseConnections }),
      taskStops: new TaskStops(scope, "task_stops", { cluster, topicArn }),
    };
  }

  private addOutputs(): void {
    this.addOutput("cluster_name", this.cluster.name, "The ECS cluster.");
    this.addOutput("service_names", [...this.services.keys()], "The ECS services.");
    this.addOutput("log_group_name", this.cluster.logGroupName, "Log group of all tasks.");
    this.addOutput("repository_urls", this.repositories.urls, "Where images are pushed, by repository name.");
    this.addOutput("user_pool_id", this.userPool.id, "The Cognito user pool.");
    this.addOutput("user_pool_client_id", this.userPool.clientId, "The client that the frontend signs users in with.");
    this.addOutput("messages_table_name", this.messages.name, "The DynamoDB table of messages.");
    this.addOutput("database_endpoint", this.database.endpoint, "HOST:PORT of the database.");
  }
}

/** @throws UserError for services of the setting autoscaling that there aren't */
function requireKnown(names: readonly string[], definitions: readonly ServiceDefinition[]): void {
  const known = definitions.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const hints = unknown.map((name) => `${shown(name)}: ${suggestion(name, known, `there are ${known.join(", ")}`)}`);
  throw new UserError(`The setting autoscaling has no service ${hints.join("; ")}`);
}
