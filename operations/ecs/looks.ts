/** The looks of `bin/ecs/verify` at AWS, each for one thing that a deploy needs. A client is loaded for the looks that need it. */
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { SynthesizedStacks } from "../../terraform/synthesized";
import type { ClientConfig } from "../aws";
import { type Look, unless } from "./look";
import { lastPart } from "./services";
import { containersOf, isKnown, type SynthesizedService, type SynthesizedServices } from "./synthesized-services";
import { type TaskOrigin, whyNotAssumable } from "./trust-policy";
import { ecrImage, targetContradictions, targetGroupDifferences, whyNotServing } from "./verification";

/** @param prefix of the environment's repositories, which bin/build-push adds by itself */
export function imageLooks(
  config: ClientConfig,
  services: readonly SynthesizedService[],
  registry: string,
  prefix: string,
): Look[] {
  const { DescribeImagesCommand, ECRClient } = require("@aws-sdk/client-ecr") as typeof import("@aws-sdk/client-ecr");
  const client = new ECRClient(config);
  const images = containersOf(services)
    .map(({ image }) => String(image))
    .filter(isKnown);
  return [...new Set(images)].flatMap((subject) => {
    const image = ecrImage(subject, registry);
    if (image === undefined) return [];
    const { repository, ...imageId } = image;
    const look = async () => {
      const input = { repositoryName: repository, imageIds: [imageId] };
      const found = await unless(/^(ImageNotFound|RepositoryNotFound)Exception$/, () =>
        client.send(new DescribeImagesCommand(input)),
      );
      if ((found?.imageDetails ?? []).length > 0) return undefined;
      return `it isn't in ECR: run bin/build-push ${repository.startsWith(prefix) ? repository.slice(prefix.length) : repository}`;
    };
    return [{ check: "image", subject, look }];
  });
}

export function roleLooks(config: ClientConfig, services: readonly SynthesizedService[], origin: TaskOrigin): Look[] {
  const { GetRoleCommand, IAMClient } = require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam");
  const client = new IAMClient(config);
  const arns = services
    .flatMap(({ task }) => [task?.executionRoleArn, task?.taskRoleArn])
    .flatMap((arn) => (typeof arn === "string" && arn !== "" && isKnown(arn) ? [arn] : []));
  return [...new Set(arns)].map(lastPart).map((subject) => ({
    check: "role",
    subject,
    look: async () => {
      const found = await unless(/^NoSuchEntity/, () => client.send(new GetRoleCommand({ RoleName: subject })));
      if (found === undefined) return "there is no such role: deploy the app stack";
      return whyNotAssumable(decodeURIComponent(found.Role?.AssumeRolePolicyDocument ?? ""), origin);
    },
  }));
}

export function targetGroupLooks(config: ClientConfig, services: readonly SynthesizedService[]): Look[] {
  const { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } =
    require("@aws-sdk/client-elastic-load-balancing-v2") as typeof import("@aws-sdk/client-elastic-load-balancing-v2");
  const client = new ElasticLoadBalancingV2Client(config);
  return services.flatMap((service) =>
    service.targets.map(({ group }) => {
      const subject = String(group.name);
      const look = async () => {
        const contradictions = targetContradictions(service);
        if (contradictions.length > 0) return `${contradictions.join("; ")}: mend services/`;
        const found = await unless(/^TargetGroupNotFound/, () =>
          client.send(new DescribeTargetGroupsCommand({ Names: [subject] })),
        );
        const [deployed] = found?.TargetGroups ?? [];
        if (deployed === undefined) return "there is no such target group: deploy the network stack first";
        const differences = targetGroupDifferences(group, deployed);
        return differences.length === 0 ? undefined : `${differences.join("; ")}: deploy the network stack first`;
      };
      return { check: "target group", subject, look };
    }),
  );
}

export function logGroupLooks(config: ClientConfig, services: readonly SynthesizedService[]): Look[] {
  const { CloudWatchLogsClient, DescribeLogGroupsCommand } =
    require("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs");
  const client = new CloudWatchLogsClient(config);
  const options = containersOf(services).map(
    ({ logConfiguration }) => (logConfiguration as { options?: Record<string, string> } | undefined)?.options,
  );
  const groups = [...new Set(options.flatMap((one) => one?.["awslogs-group"] ?? []))].filter(isKnown);
  return groups.map((subject) => ({
    check: "log group",
    subject,
    look: async () => {
      const input = { logGroupNamePrefix: subject };
      const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand(input));
      const isThere = logGroups.some(({ logGroupName }) => logGroupName === subject);
      return isThere ? undefined : "there is no such log group: deploy the app stack";
    },
  }));
}

export function certificateLooks(
  config: ClientConfig,
  stacks: SynthesizedStacks,
  services: SynthesizedServices,
): Look[] {
  const { ACMClient, DescribeCertificateCommand, paginateListCertificates } =
    require("@aws-sdk/client-acm") as typeof import("@aws-sdk/client-acm");
  const client = new ACMClient(config);
  const hosts = stacks
    .ofType("aws_route53_record")
    .filter(({ block }) => block.alias !== undefined)
    .map((record) => String(services.block(record).name))
    .filter(isKnown);
  return stacks.ofType("aws_acm_certificate").map((certificate) => {
    const domain = String(services.block(certificate).domain_name);
    const subject = isKnown(domain) ? domain : "of the load balancer";
    const look = async () => {
      const found: string[] = [];
      for await (const { CertificateSummaryList = [] } of paginateListCertificates({ client }, {})) {
        const own = CertificateSummaryList.filter(({ DomainName }) => !isKnown(domain) || DomainName === domain);
        found.push(...own.flatMap(({ CertificateArn }) => CertificateArn ?? []));
      }
      const whys: string[] = [];
      for (const CertificateArn of found) {
        const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
        const why = whyNotServing(Certificate ?? {}, hosts);
        if (why === undefined) return undefined;
        whys.push(why);
      }
      return whys[0] ?? "there is no such certificate: deploy the network stack first";
    };
    return { check: "certificate", subject, look };
  });
}

export function clusterLook(ecs: ECSClient, cluster: string): Look {
  const { DescribeClustersCommand } = require("@aws-sdk/client-ecs") as typeof import("@aws-sdk/client-ecs");
  const look = async () => {
    const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
    const status = clusters[0]?.status;
    if (status === "ACTIVE") return undefined;
    return status === undefined ? "there is no such cluster: deploy the app stack" : `it is ${status}`;
  };
  return { check: "cluster", subject: cluster, look };
}
