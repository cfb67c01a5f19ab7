import type { Container, Port } from "../../services/definition";
import { type ImageReference, imageUri, isOwnImage } from "../../services/images";
import type { AwsAccount } from "../aws-account";
import type { Secrets } from "../ssm/secrets";

/** What container definitions of one cluster have in common. */
export interface ContainerContext {
  readonly account: AwsAccount;
  readonly domain: string;
  readonly logGroupName: string;
  readonly secrets: Secrets;
  /** Tags that go before those of the containers' images, by repository of our own. @default none */
  readonly imageTags?: ReadonlyMap<string, { readonly value: string }>;
}

/** In AWS's own camelCase; absent properties can be undefined. */
export type ContainerDefinition = Readonly<Record<string, unknown>>;

/**
 * A container as ECS takes it.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function containerDefinition(container: Container, context: ContainerContext): ContainerDefinition {
  const { name, image, ports, environment, secrets, healthCheckCommand, user, logStreamPrefix = name } = container;
  const { account, domain, logGroupName } = context;
  return {
    name,
    image: imageUri(taggedImage(image, context.imageTags), account.ownImages),
    essential: true,
    user,
    portMappings: ports.map(portMapping),
    healthCheck: healthCheckCommand && healthCheck(healthCheckCommand),
    environment: environment && nameValuePairs(environment({ domain, region: account.region })),
    secrets: secrets?.map((secret) => ({ name: secret, valueFrom: context.secrets.arn(secret) })),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroupName,
        "awslogs-region": account.region,
        "awslogs-stream-prefix": logStreamPrefix,
      },
    },
  };
}

function taggedImage(image: ImageReference, tags?: ContainerContext["imageTags"]): ImageReference {
  const tag = isOwnImage(image) ? tags?.get(image.repository)?.value : undefined;
  return tag === undefined ? image : { repository: image.repository, tag };
}

function portMapping({ name, containerPort, protocol = "tcp", appProtocol }: Port): object {
  return { name, containerPort, protocol, appProtocol };
}

/** Seconds: every 30 with 5 to answer; 3 failures after a first minute make the container unhealthy. */
function healthCheck(command: string): object {
  return { command: ["CMD-SHELL", command], interval: 30, timeout: 5, retries: 3, startPeriod: 60 };
}

function nameValuePairs(values: Readonly<Record<string, string>>): object[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
