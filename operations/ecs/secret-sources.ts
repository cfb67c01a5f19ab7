/** Where the secrets of task definitions come from. */
import { containersOf, isKnown, type SynthesizedService } from "./synthesized-services";

/** What `valueFrom` says. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html */
export type SecretSource =
  | { readonly kind: "parameter"; readonly name: string; readonly region?: string; readonly arn?: string }
  | {
      readonly kind: "secret";
      /** Name or ARN, by which Secrets Manager knows it. */
      readonly id: string;
      readonly region: string;
      readonly arn: string;
      /** Of the JSON that the secret is; empty where the whole is meant. */
      readonly key: string;
      readonly stage: string;
      readonly version: string;
    }
  | { readonly kind: "other"; readonly why: string }
  | { readonly kind: "unknown" };

/** One reference to a secret. */
export interface SecretUse {
  /** The variable that it fills, or what else it is for. */
  readonly name: string;
  /** As the task definition has it. */
  readonly text: string;
  readonly source: SecretSource;
  readonly service: SynthesizedService;
}

/**
 * `arn:aws:ssm:REGION:ACCOUNT:parameter/NAME`, a parameter's name, or
 * `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX[:KEY:STAGE:VERSION]`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function secretSource(text: string): SecretSource {
  const [start, , service = "", region = "", account = "", ...rest] = text.split(":");
  if (start !== "arn") return isKnown(text) ? { kind: "parameter", name: text } : { kind: "unknown" };
  if (service === "ssm" && rest.length === 1 && /^parameter\/./.test(rest[0] ?? "")) {
    const name = (rest[0] ?? "").slice("parameter".length);
    return isKnown(text) ? { kind: "parameter", name, region, arn: text } : { kind: "unknown" };
  }
  if (service === "secretsmanager" && rest[0] === "secret") {
    const [, name = "", key = "", stage = "", version = ""] = rest;
    if (rest.length !== 2 && rest.length !== 5) {
      return { kind: "other", why: "behind the secret's ARN stand three parts, KEY:STAGE:VERSION, empty ones too" };
    }
    if (stage !== "" && version !== "") {
      return { kind: "other", why: "a secret's version is named by its stage or by its id, not by both" };
    }
    // The six characters that AWS puts behind the name aren't known before it is made.
    const known = name.replace(/-\0$/, "");
    if (![known, region, account, key, stage, version].every(isKnown)) return { kind: "unknown" };
    const arn = text.split(":").slice(0, 7).join(":");
    return { kind: "secret", id: known === name ? arn : known, region, arn, key, stage, version };
  }
  if (!isKnown(service)) return { kind: "unknown" };
  return {
    kind: "other",
    why: "it is neither an SSM parameter nor a secret of Secrets Manager, and ECS takes nothing else",
  };
}

interface Named {
  readonly name?: string;
  readonly valueFrom?: unknown;
}

function named(list: unknown): { name: string; text: string }[] {
  if (!Array.isArray(list)) return [];
  return (list as Named[]).map(({ name = "", valueFrom }) => ({ name, text: String(valueFrom ?? "") }));
}

interface FsxVolume {
  readonly fsxWindowsFileServerVolumeConfiguration?: {
    readonly authorizationConfig?: { readonly credentialsParameter?: string };
  };
}

/** Of variables, of log drivers, of private registries and of volumes: all that ECS reads by the execution role. */
export function secretUses(services: readonly SynthesizedService[]): SecretUse[] {
  return services.flatMap((service) => {
    const ofContainers = containersOf([service]).flatMap(
      ({ name, secrets, logConfiguration, repositoryCredentials }) => {
        const log = logConfiguration as { secretOptions?: unknown } | undefined;
        const registry = (repositoryCredentials as { credentialsParameter?: string } | undefined)?.credentialsParameter;
        return [
          ...named(secrets),
          ...named(log?.secretOptions),
          ...(registry === undefined ? [] : [{ name: `registry of ${name}`, text: registry }]),
        ];
      },
    );
    const volumes = (Array.isArray(service.task?.volumes) ? service.task.volumes : []) as FsxVolume[];
    const ofVolumes = volumes.flatMap(({ fsxWindowsFileServerVolumeConfiguration: fsx }) => {
      const text = fsx?.authorizationConfig?.credentialsParameter;
      return text === undefined ? [] : [{ name: "a volume", text }];
    });
    return [...ofContainers, ...ofVolumes].map((use) => ({ ...use, source: secretSource(use.text), service }));
  });
}
