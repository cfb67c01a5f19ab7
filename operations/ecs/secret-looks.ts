/** The looks of `bin/ecs/verify` for secrets: each is there, has what is taken of it, and the execution role may read it. */
import type { SynthesizedStacks } from "../../terraform/synthesized";
import type { ClientConfig } from "../aws";
import { type Doubt, type Look, unless } from "./look";
import { rolePolicies, synthesizedPolicies } from "./role-policies";
import { isAllowed } from "./role-policy";
import type { SecretSource, SecretUse } from "./secret-sources";
import { lastPart } from "./services";
import { isKnown, type KnownValues, type SynthesizedServices } from "./synthesized-services";

type Parameter = Extract<SecretSource, { kind: "parameter" }>;
type Secret = Extract<SecretSource, { kind: "secret" }>;

/** One look for each source, however many containers take it. */
export function secretLooks(config: ClientConfig, uses: readonly SecretUse[], { accountId }: KnownValues): Look[] {
  const sources = new Map(uses.map((use) => [use.text, use]));
  return [...sources.values()].flatMap(({ name, text, source }): Look[] => {
    const check = "secret";
    if (source.kind === "unknown") return [];
    if (source.kind === "other") return [{ check, subject: `${name} (${text})`, look: async () => source.why }];
    if (source.kind === "parameter")
      return [{ check, subject: source.name, look: () => lookAtParameter(config, source, accountId) }];
    const subject = text.split(":").slice(6).join(":").replace("\u0000", "…");
    return [{ check, subject, look: () => lookAtSecret(config, source) }];
  });
}

async function lookAtParameter(
  config: ClientConfig,
  { name, region, arn }: Parameter,
  accountId: string,
): Promise<string | undefined> {
  const { GetParametersCommand, SSMClient } = require("@aws-sdk/client-ssm") as typeof import("@aws-sdk/client-ssm");
  const client = new SSMClient(region === undefined ? config : { ...config, region });
  // Another account's is known by its ARN alone; in an ARN, a name without a path has a slash before it, too.
  const ofOther = arn !== undefined && arn.split(":")[4] !== accountId;
  const bare = arn !== undefined && /^\/[^/]+$/.test(name) ? [name.slice(1)] : [];
  const Names = ofOther ? [arn] : [name, ...bare];
  // As ECS asks, but for the decryption: nothing readable comes back.
  const { InvalidParameters = [] } = await client.send(new GetParametersCommand({ Names }));
  return InvalidParameters.length < Names.length ? undefined : "there is no such SSM parameter: deploy the app stack";
}

async function lookAtSecret(config: ClientConfig, source: Secret): Promise<string | undefined> {
  const { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } =
    require("@aws-sdk/client-secrets-manager") as typeof import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ ...config, region: source.region });
  const absent = /^ResourceNotFoundException$/;
  const { id: SecretId, key, stage, version } = source;
  const found = await unless(absent, () => client.send(new DescribeSecretCommand({ SecretId })));
  if (found === undefined) return "there is no such secret in Secrets Manager: make it, or mend its ARN";
  if (found.DeletedDate !== undefined)
    return "it is scheduled for deletion: restore it (aws secretsmanager restore-secret)";
  const versions = Object.entries(found.VersionIdsToStages ?? {});
  const wanted = stage === "" ? "AWSCURRENT" : stage;
  const has =
    version === "" ? versions.some(([, stages]) => stages.includes(wanted)) : versions.some(([id]) => id === version);
  if (!has)
    return version === "" ? `it has no value at the stage ${wanted}: give it one` : `it has no version ${version}`;
  if (key === "") return undefined;
  // Only the value tells its keys. It is dropped at once.
  const input = { SecretId, ...(version === "" ? { VersionStage: wanted } : { VersionId: version }) };
  const { SecretString = "" } = await client.send(new GetSecretValueCommand(input));
  return hasKey(SecretString, key) ? undefined : `its value isn't JSON with the key ${key}, which the task takes`;
}

function hasKey(text: string, key: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, key);
  } catch {
    return false;
  }
}

interface Need {
  readonly action: string;
  readonly resource: string;
  /** As the finding names it. */
  readonly name: string;
}

function needOf({ source }: SecretUse, { accountId, region }: KnownValues): Need | undefined {
  if (source.kind === "parameter") {
    const path = source.name.startsWith("/") ? source.name : `/${source.name}`;
    const resource = source.arn ?? `arn:aws:ssm:${region}:${accountId}:parameter${path}`;
    return { action: "ssm:GetParameters", resource, name: source.name };
  }
  if (source.kind !== "secret") return undefined;
  // Six characters that aren't known before the secret is made.
  const resource = source.arn.replace("\u0000", "??????");
  return {
    action: "secretsmanager:GetSecretValue",
    resource,
    name: source.arn.split(":")[6]?.replace("\u0000", "…") ?? "",
  };
}

/** One look for each execution role: whether its policies let it read what its tasks take. */
export function secretPermissionLooks(
  config: ClientConfig,
  stacks: SynthesizedStacks,
  services: SynthesizedServices,
  uses: readonly SecretUse[],
  known: KnownValues,
): Look[] {
  const needs = new Map<string, Map<string, Need>>();
  for (const use of uses) {
    const role = String(use.service.task?.executionRoleArn ?? "");
    const need = needOf(use, known);
    if (need === undefined || use.service.task === undefined || !isKnown(role)) continue;
    needs.set(role, (needs.get(role) ?? new Map()).set(`${need.action} ${need.resource}`, need));
  }
  return [...needs].map(([arn, wanted]) => ({
    check: "permission",
    subject: lastPart(arn) || "no execution role",
    look: async (): Promise<string | Doubt | undefined> => {
      const role = lastPart(arn);
      const names = (list: readonly Need[]) => list.map(({ name, action }) => `${name} (${action})`).join(", ");
      const all = [...wanted.values()];
      if (role === "") return `a task without an execution role can't have secrets: ${names(all)}`;
      const own = synthesizedPolicies(stacks, services, role, known.accountId);
      const policies = await rolePolicies(config, role, own);
      const verdicts = all.map((need) => [need, isAllowed(policies, need.action, need.resource)] as const);
      const denied = verdicts.flatMap(([need, allowed]) => (allowed === false ? [need] : []));
      if (denied.length > 0) return `its policies don't let it read ${names(denied)}: give it a policy that does`;
      const untold = verdicts.flatMap(([need, allowed]) => (allowed === undefined ? [need] : []));
      if (untold.length === 0) return undefined;
      return { doubt: `whether it may read ${names(untold)} depends on what isn't known before a deploy` };
    },
  }));
}
