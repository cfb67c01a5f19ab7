/** What the load balancer sees of a service: its target groups, their public URLs, and the health of each target. */
import type { Action, ElasticLoadBalancingV2Client, Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { awsUserError, type ClientConfig } from "../aws";

export interface TargetGroupStatus {
  readonly name: string;
  /** `https://api.cruddur.com`, each as a rule of a listener leads to this group. */
  readonly urls: readonly string[];
  readonly targets: readonly {
    /** `ADDRESS:PORT` */
    readonly target: string;
    /** `healthy`, `unhealthy`, `initial`, `draining`, `unused` or `unavailable`. */
    readonly state: string;
    /** AWS's words; null where it gives none. */
    readonly reason: string | null;
  }[];
}

/** @returns the target groups; a sentence without a full stop where AWS doesn't tell */
export type TargetsAnswer = readonly TargetGroupStatus[] | string;

/** Asks the load balancer. URLs are asked for once, the health of targets every time. */
export class TargetReader {
  private readonly groups = new Map<string, Promise<Pick<TargetGroupStatus, "name" | "urls">>>();
  private readonly rules = new Map<string, Promise<readonly (readonly [Listener, Rule])[]>>();
  private readonly client: ElasticLoadBalancingV2Client;
  private readonly sdk: typeof import("@aws-sdk/client-elastic-load-balancing-v2");

  constructor(private readonly config: ClientConfig) {
    this.sdk = require("@aws-sdk/client-elastic-load-balancing-v2");
    this.client = new this.sdk.ElasticLoadBalancingV2Client(config);
  }

  /** A refusal isn't the end of a status: ECS has told the rest. */
  async targetGroups(arns: readonly string[]): Promise<TargetsAnswer> {
    try {
      return await Promise.all(arns.map((arn) => this.targetGroup(arn)));
    } catch (error) {
      const told = awsUserError(error);
      if (told === undefined) throw error;
      return told.message.replace(/\.$/, "");
    }
  }

  private async targetGroup(arn: string): Promise<TargetGroupStatus> {
    const known = this.groups.get(arn) ?? this.describe(arn);
    this.groups.set(arn, known);
    known.catch(() => this.groups.delete(arn));
    const health = this.client.send(new this.sdk.DescribeTargetHealthCommand({ TargetGroupArn: arn }));
    const [group, { TargetHealthDescriptions = [] }] = await Promise.all([known, health]);
    const targets = TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
      target: [Target?.Id, Target?.Port].filter((part) => part !== undefined).join(":"),
      state: TargetHealth?.State ?? "unknown",
      reason: TargetHealth?.Description ?? TargetHealth?.Reason ?? null,
    }));
    return { ...group, targets };
  }

  private async describe(arn: string): Promise<Pick<TargetGroupStatus, "name" | "urls">> {
    const { TargetGroups = [] } = await this.client.send(
      new this.sdk.DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }),
    );
    const [{ TargetGroupName = "", LoadBalancerArns = [] } = {}] = TargetGroups;
    const urls: string[] = [];
    for (const balancer of LoadBalancerArns) {
      const known = this.rules.get(balancer) ?? this.rulesOf(balancer);
      this.rules.set(balancer, known);
      known.catch(() => this.rules.delete(balancer));
      for (const [listener, rule] of await known) {
        if ((rule.Actions ?? []).some((action) => leadsTo(action, arn)))
          urls.push(...urlsOf(listener, rule, await this.certifiedHost(listener)));
      }
    }
    return { name: TargetGroupName, urls: [...new Set(urls)] };
  }

  private async rulesOf(balancer: string): Promise<(readonly [Listener, Rule])[]> {
    const found: (readonly [Listener, Rule])[] = [];
    const { client } = this;
    for await (const page of this.sdk.paginateDescribeListeners({ client }, { LoadBalancerArn: balancer })) {
      for (const listener of page.Listeners ?? []) {
        const query = { ListenerArn: listener.ListenerArn };
        for await (const { Rules = [] } of this.sdk.paginateDescribeRules({ client }, query))
          found.push(...Rules.map((rule) => [listener, rule] as const));
      }
    }
    return found;
  }

  /** What a listener answers for without a host in a rule: the name that its own certificate is of. */
  private async certifiedHost({ Certificates: [own] = [] }: Listener): Promise<string | undefined> {
    if (own?.CertificateArn === undefined) return undefined;
    const { ACMClient, DescribeCertificateCommand } =
      require("@aws-sdk/client-acm") as typeof import("@aws-sdk/client-acm");
    const query = new DescribeCertificateCommand({ CertificateArn: own.CertificateArn });
    const { Certificate } = await new ACMClient(this.config).send(query);
    return Certificate?.DomainName;
  }
}

function leadsTo({ TargetGroupArn, ForwardConfig }: Action, arn: string): boolean {
  return TargetGroupArn === arn || (ForwardConfig?.TargetGroups ?? []).some((one) => one.TargetGroupArn === arn);
}

const defaultPorts: Readonly<Record<string, number>> = { HTTP: 80, HTTPS: 443 };

/**
 * The URLs of a rule: hosts by paths. A rule that asks for more, such as a header, is no URL to click.
 * @param otherwise the host where the rule names none
 */
export function urlsOf({ Protocol, Port }: Listener, { Conditions = [] }: Rule, otherwise?: string): string[] {
  const usual = defaultPorts[Protocol ?? ""];
  if (
    Protocol === undefined ||
    usual === undefined ||
    Conditions.some(({ Field = "" }) => !/^(host-header|path-pattern)$/.test(Field))
  )
    return [];
  const of = (field: string) =>
    Conditions.filter(({ Field }) => Field === field).flatMap(
      ({ Values = [], HostHeaderConfig, PathPatternConfig }) =>
        (HostHeaderConfig ?? PathPatternConfig)?.Values ?? Values,
    );
  const named = of("host-header");
  const hosts = named.length > 0 || otherwise === undefined ? named : [otherwise];
  const paths = of("path-pattern");
  const port = Port === undefined || Port === usual ? "" : `:${Port}`;
  return hosts.flatMap((host) =>
    (paths.length === 0 ? [""] : paths).map((path) => `${Protocol.toLowerCase()}://${host}${port}${path}`),
  );
}
