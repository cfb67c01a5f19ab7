/** Says before a deploy whether it can come up: images, secrets, roles, target groups, logs, certificate. Changes nothing. */
import { Command } from "commander";
import { table } from "../../lib/table";
import { type AwsOptions, awsUserError, type ClientConfig, performOnAws, withAwsOptions } from "../../operations/aws";
import { lastPart } from "../../operations/ecs/services";
import { isKnown, type SynthesizedService } from "../../operations/ecs/synthesized-services";
import { whyNotAssumable } from "../../operations/ecs/trust-policy";
import {
  ecrImage,
  type Finding,
  parameterNames,
  targetContradictions,
  targetGroupDifferences,
  whyNotServing,
} from "../../operations/ecs/verification";
import { ecrRegistry } from "../../services/images";
import { beginEcsSession, type EcsSession } from "./session";
import { type Synthesized, synthesized, type VariableOptions, withVariableOptions } from "./synthesized";

const command = withVariableOptions(
  withAwsOptions(
    new Command("bin/ecs/verify")
      .description(
        "Looks before a deploy for what it needs to come up: images, secrets, roles, target groups, log group, certificate. Changes nothing.",
      )
      .option("--json", "as JSON: {findings: [{status, check, subject, detail}]}", false),
  ),
).addHelpText(
  "after",
  `
Exit codes:
  0  everything is there (warnings tell what can't be looked for)
  1  something is missing, or can't be told`,
);

/** Who makes an image. */
const scripts: Readonly<Record<string, string>> = {
  authz: "bin/svc-authz/build-push",
  "backend-flask": "bin/svc-backend/build-push",
  envoy: "bin/svc-envoy/build-push",
  "frontend-react-js": "bin/svc-frontend/build-push",
  "otel-collector": "bin/svc-otel-collector/build-push",
};

type Look = { readonly check: string; readonly subject: string; readonly look: () => Promise<string | undefined> };

/** What a service answers that has no sentence of its own, so that one check's failure ends no other; else undefined. */
function refusal(error: unknown): string | undefined {
  const { name, message, $metadata } = error as Error & { readonly $metadata?: unknown };
  return $metadata === undefined ? undefined : `${name}: ${message.trim()}`;
}

/** Nothing found is good; what AWS refuses to tell isn't. */
async function findingOf({ check, subject, look }: Look): Promise<Finding> {
  try {
    const detail = await look();
    return { status: detail === undefined ? "ok" : "fail", check, subject, detail: detail ?? "" };
  } catch (error) {
    const sentence = awsUserError(error)?.message ?? refusal(error);
    if (sentence === undefined) throw error;
    return { status: "fail", check, subject, detail: `can't be told: ${sentence}` };
  }
}

/** What an error with this name says, in the place of the error. */
async function unless<T>(name: RegExp, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (name.test((error as Error).name)) return undefined;
    throw error;
  }
}

function imageLooks(config: ClientConfig, services: readonly SynthesizedService[], registry: string): Look[] {
  const { DescribeImagesCommand, ECRClient } = require("@aws-sdk/client-ecr") as typeof import("@aws-sdk/client-ecr");
  const client = new ECRClient(config);
  const images = services.flatMap(({ containers }) => containers.map(({ image }) => String(image))).filter(isKnown);
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
      const maker = scripts[repository];
      return `it isn't in ECR: ${maker === undefined ? "build and push it" : `run ${maker}`}`;
    };
    return [{ check: "image", subject, look }];
  });
}

function secretLooks(config: ClientConfig, names: readonly string[]): Look[] {
  const { GetParametersCommand, SSMClient } = require("@aws-sdk/client-ssm") as typeof import("@aws-sdk/client-ssm");
  const client = new SSMClient(config);
  return names.map((subject) => ({
    check: "secret",
    subject,
    look: async () => {
      // As ECS asks, but for the decryption: nothing readable comes back.
      const { InvalidParameters = [] } = await client.send(new GetParametersCommand({ Names: [subject] }));
      return InvalidParameters.length === 0 ? undefined : "there is no such SSM parameter: deploy the app stack";
    },
  }));
}

function roleLooks(config: ClientConfig, services: readonly SynthesizedService[], known: Synthesized["known"]): Look[] {
  const { GetRoleCommand, IAMClient } = require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam");
  const client = new IAMClient(config);
  const arns = services.flatMap(({ executionRoleArn, taskRoleArn }) => [executionRoleArn, taskRoleArn]).filter(isKnown);
  return [...new Set(arns)].map(lastPart).map((subject) => ({
    check: "role",
    subject,
    look: async () => {
      const found = await unless(/^NoSuchEntity/, () => client.send(new GetRoleCommand({ RoleName: subject })));
      if (found === undefined) return "there is no such role: deploy the app stack";
      return whyNotAssumable(decodeURIComponent(found.Role?.AssumeRolePolicyDocument ?? ""), known);
    },
  }));
}

function targetGroupLooks(config: ClientConfig, services: readonly SynthesizedService[]): Look[] {
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

function logGroupLooks(config: ClientConfig, services: readonly SynthesizedService[]): Look[] {
  const { CloudWatchLogsClient, DescribeLogGroupsCommand } =
    require("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs");
  const client = new CloudWatchLogsClient(config);
  const options = services
    .flatMap(({ containers }) => containers)
    .map(({ logConfiguration }) => (logConfiguration as { options?: Record<string, string> } | undefined)?.options);
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

function certificateLooks(config: ClientConfig, { stacks, services }: Synthesized): Look[] {
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

function clusterLook({ ecs, cluster }: EcsSession): Look {
  const { DescribeClustersCommand } = require("@aws-sdk/client-ecs") as typeof import("@aws-sdk/client-ecs");
  const look = async () => {
    const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
    const status = clusters[0]?.status;
    if (status === "ACTIVE") return undefined;
    return status === undefined ? "there is no such cluster: deploy the app stack" : `it is ${status}`;
  };
  return { check: "cluster", subject: cluster, look };
}

const calledFrom = process.cwd();
performOnAws(async () => {
  const options = command.parse().opts<AwsOptions & VariableOptions & { json: boolean }>();
  const session = beginEcsSession(options);
  const { config } = session;
  const all = await synthesized(session, options, calledFrom);
  const { known } = all;
  const services = all.services.all();
  const parameters = parameterNames(services);
  const looks = [
    clusterLook(session),
    ...imageLooks(config, services, ecrRegistry(known.accountId, known.region)),
    ...secretLooks(config, parameters.known),
    ...roleLooks(config, services, known),
    ...targetGroupLooks(config, services),
    ...logGroupLooks(config, services),
    ...certificateLooks(config, all),
  ];
  const findings: Finding[] = [];
  for (const look of looks) findings.push(await findingOf(look));
  const warn = (check: string, subject: string, detail: string) =>
    findings.push({ status: "warn", check, subject, detail });
  for (const { name, containers } of services) {
    for (const { name: container, image } of containers) {
      if (!isKnown(String(image))) warn("image", `${name}/${container}`, "its tag is not known before a plan");
    }
  }
  for (const name of parameters.unknown) warn("secret", name, "its source is not known before a plan");
  if (known.variables.cruddur_dns_name === undefined) {
    warn("certificate", "hosts", "the domain is not known: give --var-file FILE, or TF_VAR_cruddur_dns_name");
  }
  if (options.json) console.log(JSON.stringify({ findings }, null, 2));
  else {
    const rows = findings.map(({ status, check, subject, detail }) => [
      status === "fail" ? "FAIL" : status,
      check,
      subject,
      detail,
    ]);
    console.log(table(["", "CHECK", "SUBJECT", ""], rows));
    const failed = findings.filter(({ status }) => status === "fail").length;
    console.log(failed === 0 ? "\nNothing is missing." : `\n${failed} of ${findings.length} fail.`);
  }
  if (findings.some(({ status }) => status === "fail")) process.exitCode = 1;
});
