/** How AWS knows what the stacks make. Another name is another resource to AWS: Terraform replaces what has the old one. */
import { secretNames } from "./names";

/** The names of one environment. What is unique within one of these (services, a table's index) has no name here. */
export interface AwsNames {
  readonly cluster: string;
  /** Of Service Connect, in Cloud Map. */
  readonly namespace: string;
  readonly logGroup: string;
  /** Above the SSM parameters (SecureString) of `secretNames` and of services' own secrets. */
  readonly secretsPath: string;
  readonly loadBalancer: string;
  readonly securityGroups: {
    readonly loadBalancer: string;
    readonly services: string;
    readonly database: string;
    readonly beside: string;
  };
  readonly dynamoDbEndpoint: string;
  readonly messagesTable: string;
  readonly userPool: string;
  readonly database: string;
  readonly roles: { readonly execution: string; readonly task: string; readonly databaseMonitoring: string };
  readonly policies: { readonly readSecrets: string; readonly messages: string; readonly executeCommand: string };
  readonly samplingRule: string;
  readonly traceGroup: string;
  readonly alarmTopic: string;
  readonly webAcl: string;
  /** Of a key in KMS. */
  readonly keyAlias: string;
  /** @param major version of PostgreSQL */
  readonly databaseParameters: (major: string) => string;
  /** Of EventBridge. */
  readonly taskStopsRule: string;
  /** How the backend names itself to X-Ray and Honeycomb. */
  readonly tracedService: string;
  /** Of what other deployments make, where the settings don't name it. */
  readonly functions: { readonly postConfirmation: string; readonly messageStream: string };
  /** In the policy of a Lambda function. */
  readonly cognitoPermission: string;
  /** @param name as the list of services has it */
  readonly taskFamily: (name: string) => string;
  readonly taskRole: (name: string) => string;
  readonly targetGroup: (name: string) => string;
  /** @param name `backend-flask-5xx` */
  readonly alarm: (name: string) => string;
  /** @param name as the images have it: `envoy` */
  readonly repository: (name: string) => string;
}

/**
 * The environment goes before each name: `staging-cruddur`, or `/staging/cruddur/…` where names are paths.
 * @param environment the setting of that name. @default none: the names that 02-app gave
 */
export function awsNamesOf(environment?: string): AwsNames {
  const own = (name: string) => (environment === undefined ? name : `${environment}-${name}`);
  const path = (name: string) => (environment === undefined ? name : `/${environment}${name}`);
  return {
    cluster: own("cruddur"),
    namespace: own("cruddur"),
    logGroup: path("/cruddur/fargate-cluster"),
    secretsPath: path("/cruddur/backend-flask"),
    loadBalancer: own("cruddur-backend-lb"),
    securityGroups: {
      loadBalancer: own("cruddur-alb-sg"),
      services: own("cruddur-ecs-sg"),
      database: own("cruddur-rds-sg"),
      beside: own("cruddur-ecs-beside-sg"),
    },
    dynamoDbEndpoint: own("DynamoDB-Endpoint"),
    messagesTable: own("cruddur-messages"),
    userPool: own("cruddur-user-pool"),
    database: own("cruddur-db-instance"),
    roles: {
      execution: own("CruddurServiceExecutionRole"),
      task: own("CruddurTaskRole"),
      databaseMonitoring: own("CruddurDatabaseMonitoringRole"),
    },
    policies: {
      readSecrets: own("CruddurServiceExecutionPolicy"),
      messages: own("DynamoDBCrudAccessPolicy"),
      executeCommand: own("SSMAccessPolicy"),
    },
    samplingRule: own("Cruddur"),
    traceGroup: own("cruddur"),
    alarmTopic: own("cruddur-alarms"),
    webAcl: own("cruddur-web-acl"),
    keyAlias: `alias/${own("cruddur")}`,
    databaseParameters: (major) => own(`cruddur-postgres${major}`),
    taskStopsRule: own("cruddur-task-stops"),
    tracedService: own("cruddur-backend-flask"),
    functions: { postConfirmation: own("PostUserConfirmationTrigger"), messageStream: own("MessageStream") },
    cognitoPermission: own("AllowExecutionFromCognito"),
    taskFamily: own,
    taskRole: (name) => own(`CruddurTaskRole-${name}`),
    targetGroup: own,
    alarm: (name) => own(`cruddur-${name}`),
    repository: (name) => `${repositoryPrefix(environment)}${name}`,
  };
}

/** What goes before every repository of an environment; ECR calls it a namespace. */
export function repositoryPrefix(environment?: string): string {
  return environment === undefined ? "" : `${environment}/`;
}

/** Below which the hosts are: `staging.DOMAIN`. @param domain can be a Terraform expression */
export function hostsDomain(domain: string, { environment, subdomain = environment }: HostsPlace): string {
  return subdomain === undefined || subdomain === "" ? domain : `${subdomain}.${domain}`;
}

export interface HostsPlace {
  readonly environment?: string;
  /** @default the environment; empty: the domain itself */
  readonly subdomain?: string;
}

/** A name with the most characters that AWS takes. */
export interface LimitedName {
  readonly what: string;
  readonly name: string;
  readonly most: number;
}

/**
 * The names that have a limit in reach, but for those of services.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
 * https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html, https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export function limitedNames(names: AwsNames): LimitedName[] {
  const { roles, policies, securityGroups, functions, secretsPath } = names;
  const all = (what: string, of: Readonly<Record<string, string>>, most: number) =>
    Object.values(of).map((name) => ({ what, name, most }));
  return [
    { what: "load balancer", name: names.loadBalancer, most: 32 },
    { what: "X-Ray sampling rule", name: names.samplingRule, most: 32 },
    { what: "X-Ray group", name: names.traceGroup, most: 32 },
    { what: "database", name: names.database, most: 63 },
    { what: "EventBridge rule", name: names.taskStopsRule, most: 64 },
    ...all("role", roles, 64),
    ...all("Lambda function", functions, 64),
    { what: "statement of a Lambda function's policy", name: names.cognitoPermission, most: 100 },
    ...all("policy", policies, 128),
    { what: "user pool", name: names.userPool, most: 128 },
    ...all("security group", securityGroups, 255),
    { what: "cluster", name: names.cluster, most: 255 },
    { what: "table", name: names.messagesTable, most: 255 },
    { what: "web ACL", name: names.webAcl, most: 128 },
    { what: "SNS topic", name: names.alarmTopic, most: 256 },
    { what: "log group", name: names.logGroup, most: 512 },
    ...secretNames.map((name) => ({ what: "SSM parameter", name: `${secretsPath}/${name}`, most: 900 })),
  ];
}
