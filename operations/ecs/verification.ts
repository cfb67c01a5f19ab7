/** What must be there before a deploy can come up. Each check looks for itself, so that one that fails hides no other. */
import type { CertificateDetail } from "@aws-sdk/client-acm";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { placeAt } from "../../lib/secrecy/policy";
import { shownValue } from "../../lib/secrecy/shown-value";
import { type ContainerDefinition, canBe, type SynthesizedService } from "./synthesized-services";

export interface Finding {
  /** `fail`: the deploy would not come up, or it can't be told. `warn`: it can't be looked for, as a value isn't known. */
  readonly status: "ok" | "fail" | "error" | "warn";
  /** `image`, `secret`, `role`, … */
  readonly check: string;
  readonly subject: string;
  /** What is wrong and what to do; empty where all is well. */
  readonly detail: string;
}

type Ports = readonly { readonly containerPort?: number }[];

function listensOn({ portMappings }: ContainerDefinition, port: number): boolean {
  return ((portMappings ?? []) as Ports).some(({ containerPort }) => containerPort === port);
}

/** What of a target group contradicts the containers that it sends to; nothing of AWS is asked. */
export function targetContradictions({ name, containers, targets }: SynthesizedService): string[] {
  if (containers === undefined) return [];
  return targets.flatMap(({ containerName, containerPort, group }) => {
    const container = containers.find((one) => one.name === containerName);
    if (container === undefined) return [`${name} has no container ${containerName}`];
    const sent = listensOn(container, containerPort) ? [] : [`${containerName} has no port ${containerPort}`];
    const { port } = (group.health_check ?? {}) as { port?: string };
    const checked =
      port === undefined || port === "traffic-port" || containers.some((one) => listensOn(one, Number(port)));
    return [...sent, ...(checked ? [] : [`no container has the port ${port} of the health check`])];
  });
}

/** A path can have a token in it, as those of some health checks have. */
function printableValue(what: string, value: unknown): string {
  return String(shownValue(value, placeAt([{ [what]: value }], [what]), [], new KnownSecrets([])));
}

/** How a deployed target group differs from the synthesized one, in what tasks become healthy by. */
export function targetGroupDifferences(
  group: Readonly<Record<string, unknown>>,
  deployed: Pick<TargetGroup, "Protocol" | "Port" | "HealthCheckPath" | "HealthCheckPort" | "TargetType">,
): string[] {
  const check = (group.health_check ?? {}) as { path?: string; port?: string };
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ["protocol", group.protocol, deployed.Protocol],
    ["port", Number(group.port), deployed.Port],
    ["target type", group.target_type, deployed.TargetType],
    ["health check path", check.path, deployed.HealthCheckPath],
    ["health check port", check.port ?? "traffic-port", deployed.HealthCheckPort ?? "traffic-port"],
  ];
  return wanted.flatMap(([what, expected, actual]) =>
    String(expected) === String(actual)
      ? []
      : [`${what} is ${printableValue(what, actual)}, the containers need ${printableValue(what, expected)}`],
  );
}

/** @returns undefined where the certificate covers the hosts, else why not */
export function whyNotServing(
  { Status, DomainName = "", SubjectAlternativeNames = [] }: CertificateDetail,
  hosts: readonly string[],
): string | undefined {
  if (Status !== "ISSUED") return `it is ${Status}, not ISSUED: its DNS records must be there (stack network)`;
  const names = [DomainName, ...SubjectAlternativeNames];
  const covered = (host: string) => names.some((name) => canBe(host, name) || canBe(host.replace(/^[^.]+/, "*"), name));
  const missing = hosts.filter((host) => !covered(host));
  return missing.length === 0 ? undefined : `it doesn't cover ${missing.join(", ")}`;
}

export interface EcrImage {
  readonly repository: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** @returns undefined for an image of another registry, which only its own can tell of */
export function ecrImage(image: string, registry: string): EcrImage | undefined {
  if (!image.startsWith(`${registry}/`)) return undefined;
  const [reference = "", digest] = image.slice(registry.length + 1).split("@");
  const [repository = "", tag] = reference.split(":");
  if (digest !== undefined) return { repository, imageDigest: digest };
  // What a registry serves for a bare name.
  return { repository, imageTag: tag ?? "latest" };
}
