import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../constructs/aws-account";
import { AwsEnvironment } from "../constructs/aws-environment";
import { UserPool } from "../constructs/cognito/user-pool";
import { buildDeployment, ImageTag } from "../constructs/docker/image-tag";
import { MessagesTable } from "../constructs/dynamodb/messages-table";
import { Repositories } from "../constructs/ecr/repositories";
import { Cluster } from "../constructs/ecs/cluster";
import { grantExecuteCommand } from "../constructs/ecs/execute-command";
import { FargateService } from "../constructs/ecs/fargate-service";
import { TaskRole } from "../constructs/iam/task-role";
import { DeployedFunction } from "../constructs/lambda/deployed-function";
import { Database } from "../constructs/rds/database";
import { Secrets } from "../constructs/ssm/secrets";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { configureBackend, remoteState } from "../constructs/terraform/state-backend";
import { Variables } from "../constructs/terraform/variables";
import { DefaultVpc } from "../constructs/vpc/default-vpc";
import { Tracing } from "../constructs/xray/tracing";
import type { BuiltImage } from "../images/built";
import type { ServiceDefinition } from "../services/definition";
import { ownImages } from "../services/image-tags";
import { repositoryNames, tracedServiceName } from "../services/names";
import type { Settings } from "../settings/schema";
import type { NetworkStack } from "./network";
import { NetworkReferences } from "./network-outputs";

export interface AppStackProps {
  readonly settings: Settings;
  readonly services: readonly ServiceDefinition[];
  /** Deployed before: its outputs are read from its state. */
  readonly network: NetworkStack;
  /** Images whose content hashes the task definitions name. @default none: the tags of the services' list */
  readonly images?: readonly BuiltImage[];
}

/** What runs, and what it keeps: services, images, roles, secrets, database, table, users, traces. */
export class AppStack extends AddressedStack {
  readonly account: AwsAccount;
  readonly network: NetworkReferences;
  readonly repositories: Repositories;
  readonly secrets: Secrets;
  readonly messages: MessagesTable;
  readonly userPool: UserPool;
  readonly database: Database;
  readonly executionRole: TaskRole;
  readonly taskRole: TaskRole;
  readonly cluster: Cluster;
  /** By service name. */
  readonly services: ReadonlyMap<string, FargateService>;

  private readonly settings: Settings;
  private readonly variables: Variables;

  constructor(scope: Construct, id: string, { settings, services, network, images = [] }: AppStackProps) {
    super(scope, id);
    this.settings = settings;
    configureBackend(this, settings);
    this.variables = new Variables(this, "Variables", { stack: id });
    new AwsEnvironment(this, "Aws", { variables: this.variables, settings });
    this.account = new AwsAccount(this, "current");
    this.network = new NetworkReferences(remoteState(this, "network", network, settings));

    this.repositories = new Repositories(this, "repo", {
      names: repositoriesFor(services),
      preventDestroy: settings.preventDestroy,
    });
    this.secrets = this.addSecrets();
    const data = new Construct(this, "Data");
    this.messages = this.addMessages(data);
    this.database = this.addDatabase(data);
    this.userPool = this.addUserPool(new Construct(this, "Identity"));
    this.executionRole = this.addExecutionRole();
    this.taskRole = this.addTaskRole();
    this.cluster = new Cluster(this, "cruddur");
    this.services = this.addServices(services, this.imageTags(images));
    new Tracing(new Construct(this, "Tracing"), "cruddur", { serviceName: tracedServiceName });
    this.addOutputs();
  }

  private addSecrets(): Secrets {
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
      },
    });
  }

  private addMessages(scope: Construct): MessagesTable {
    const { preventDestroy, lambdaFunctions } = this.settings;
    const messages = new MessagesTable(scope, "cruddur_messages_table", { preventDestroy });
    const reader = new DeployedFunction(scope, "message_stream", { functionName: lambdaFunctions.messageStream });
    reader.readStreamOf(messages);
    return messages;
  }

  private addDatabase(scope: Construct): Database {
    return new Database(scope, "cruddur", {
      settings: this.settings.database,
      username: this.variables.value("db_username"),
      password: this.variables.value("db_password"),
      securityGroupId: this.network.rdsSecurityGroupId,
      preventDestroy: this.settings.preventDestroy,
    });
  }

  private addUserPool(scope: Construct): UserPool {
    const { preventDestroy, lambdaFunctions } = this.settings;
    const postConfirmation = new DeployedFunction(scope, "post_confirmation_trigger", {
      functionName: lambdaFunctions.postConfirmation,
    });
    const userPool = new UserPool(scope, "cruddur", { postConfirmation, preventDestroy });
    postConfirmation.allowCallsFrom(userPool);
    return userPool;
  }

  private addExecutionRole(): TaskRole {
    const role = new TaskRole(this, "service", { name: "CruddurServiceExecutionRole" });
    this.secrets.grantRead(role);
    role.addAwsManagedPolicy("service-role/AmazonECSTaskExecutionRolePolicy");
    return role;
  }

  /** One role for all tasks, and more of CloudWatch than they need: known weaknesses, kept. */
  private addTaskRole(): TaskRole {
    const role = new TaskRole(this, "task", { name: "CruddurTaskRole", onlyTasksOf: this.account });
    grantExecuteCommand(role);
    this.messages.grantReadWrite(role);
    role.addAwsManagedPolicy("CloudWatchFullAccess");
    return role;
  }

  /** The tags by content, by repository. */
  private imageTags(images: readonly BuiltImage[]): ReadonlyMap<string, string> {
    const deployment = buildDeployment(this.account, this.variables);
    return new Map(images.map((image) => [image.repository, new ImageTag(this, { ...image, deployment }).value]));
  }

  private addServices(
    definitions: readonly ServiceDefinition[],
    imageTags: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, FargateService> {
    const { account, cluster, executionRole, network, secrets, taskRole, variables } = this;
    const vpc = new DefaultVpc(this, "default", { subnetFilters: this.settings.subnetFilters });
    const domain = variables.value("cruddur_dns_name");
    const shared = {
      cluster,
      executionRole,
      taskRole,
      containers: { account, domain, secrets, logGroupName: cluster.logGroupName, imageTags },
      desiredCount: variables.numberValue("ecs_service_desired_count"),
      subnetIds: vpc.subnetIds,
      securityGroupIds: [network.ecsSecurityGroupId],
    };
    return new Map(
      definitions.map((definition) => {
        const targetGroupArn = definition.route && network.targetGroupArn(definition.name);
        return [definition.name, new FargateService(this, { ...shared, definition, targetGroupArn })];
      }),
    );
  }

  private addOutputs(): void {
    const output = (name: string, value: unknown, description: string) =>
      new TerraformOutput(this, name, { value, description });
    output("cluster_name", this.cluster.name, "The ECS cluster.");
    output("service_names", [...this.services.keys()], "The ECS services.");
    output("log_group_name", this.cluster.logGroupName, "Log group of all tasks.");
    output("repository_urls", this.repositories.urls, "Where images are pushed, by repository name.");
    output("user_pool_id", this.userPool.id, "The Cognito user pool.");
    output("user_pool_client_id", this.userPool.clientId, "The client that the frontend signs users in with.");
    output("messages_table_name", this.messages.name, "The DynamoDB table of messages.");
    output("database_endpoint", this.database.endpoint, "HOST:PORT of the database.");
  }
}

/** The team's repositories, and one for each further image of its own that a service runs. */
function repositoriesFor(services: readonly ServiceDefinition[]): string[] {
  return [...new Set([...repositoryNames, ...ownImages(services).keys()])];
}
