/**
 * What must differ on a laptop, each with its reason. Nothing else does: the compose file is made of the services and of this table,
 * and docs/local.md shows it.
 */
import { imageEntry } from "../../services/image-table";
import { isOwnImage } from "../../services/images";
import { honeycombEndpoints, type SecretName } from "../../services/names";
import { xrayDaemon } from "../../services/sidecars/xray-daemon";
import { type Placed, placeholderDomain, surroundingPorts, surroundings } from "./places";

export interface Difference {
  readonly what: string;
  readonly deployed: string;
  readonly here: string;
  readonly reason: string;
}

/** Variables by name; null for a secret, which comes from the environment of the engine's command and stands in no file. */
export type Variables = Readonly<Record<string, string | null>>;

/** Who tells whether a token is valid: the local AWS, or the team's own user pool. */
export type UserPoolPlace = { readonly at: "local" | "aws"; readonly id: string; readonly clientId: string };

export interface Places {
  /** By host under the placeholder domain. */
  readonly urls: ReadonlyMap<string, string>;
  readonly userPool: UserPoolPlace;
}

/** A difference of a container's environment. */
export interface VariableDifference extends Difference {
  /** @returns what is other than deployed, or there besides */
  readonly change: (placed: Placed, deployed: Variables, places: Places) => Variables;
}

const within = (name: keyof typeof surroundings) => `http://${surroundings[name]}:${surroundingPorts[name]}`;
export const localAwsEndpoint = within("aws");
export const localHoneycombEndpoint = within("honeycomb");

/** Where the local AWS has the public keys of its user pool. */
export function localJwks(userPoolId: string): string {
  return `${localAwsEndpoint}/${userPoolId}/.well-known/jwks.json`;
}

function withoutXray({ service }: Placed): boolean {
  return service.containers.some(isLeftOut);
}

/** Whether a container of a task has no place here. */
export function isLeftOut({ image }: Placed["container"]): boolean {
  return image.registry === xrayDaemon.image.registry && image.repository === xrayDaemon.image.repository;
}

/** A text with the URLs of the system's hosts as they are here. */
export function withLocalUrls(text: string, urls: Places["urls"]): string {
  const host = new RegExp(`https?://((?:[a-z0-9-]+\\.)*${placeholderDomain.replaceAll(".", "\\.")})(?![\\w.-])`, "g");
  return text.replace(host, (url, name) => urls.get(name) ?? url);
}

export const variableDifferences: readonly VariableDifference[] = [
  {
    what: "URLs of the system's hosts",
    deployed: "`https://HOST.DOMAIN`",
    here: "`http://localhost:PORT`",
    reason: "A laptop has no load balancer, no DNS record and no certificate: each route has a port instead.",
    change: (_placed, deployed, { urls }) => changed(deployed, (value) => withLocalUrls(value, urls)),
  },
  {
    what: "`OTEL_EXPORTER_OTLP_ENDPOINT`, where it names Honeycomb",
    deployed: "`https://api.honeycomb.io`",
    here: `\`${localHoneycombEndpoint}\``,
    reason: "Traces of a laptop stay there: the stand-in takes them and the page shows them.",
    change: (_placed, deployed) =>
      changed(deployed, (value) =>
        Object.values(honeycombEndpoints).some((endpoint) => endpoint === value) ? localHoneycombEndpoint : value,
      ),
  },
  {
    what: "`AWS_XRAY_SDK_ENABLED`, beside an X-Ray daemon",
    deployed: "absent",
    here: "`false`",
    reason: "X-Ray is a service of AWS, so its daemon's container is left out, and the SDK would look for it in vain.",
    change: (placed): Variables => (withoutXray(placed) && isTeams(placed) ? { AWS_XRAY_SDK_ENABLED: "false" } : {}),
  },
  {
    what: "`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`",
    deployed: "absent: AWS itself, by the task role",
    here: `\`${localAwsEndpoint}\`, and keys that open nothing`,
    reason: "A laptop has no task role, and must not write into the team's tables.",
    change: (placed): Variables =>
      isTeams(placed)
        ? { AWS_ENDPOINT_URL: localAwsEndpoint, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" }
        : {},
  },
  {
    what: "`JWKS` of the authorizer",
    deployed: "absent: the user pool's own address at AWS",
    here: "the same document of the local AWS; absent with `--var-file`",
    reason: "Tokens of the local user pool are signed with the local AWS's key.",
    change: ({ container }, _deployed, { userPool }): Variables =>
      userPool.at === "local" && isOwnImage(container.image) && container.image.repository === "authz"
        ? { JWKS: localJwks(userPool.id) }
        : {},
  },
];

/** What differs beside the variables. */
export const otherDifferences = {
  secrets: {
    what: "Values of the secrets",
    deployed: "SSM parameters of Terraform variables",
    here: "local ones; with `--var-file` the ids of the team's user pool",
    reason: "Keys for Honeycomb and Rollbar aren't needed here, and a file that has none can't leak them.",
  },
  database: {
    what: "`CONNECTION_URL`",
    deployed: "RDS",
    here: "PostgreSQL in a container, of the version that the settings name",
    reason: "The database must be empty to begin with, and must not be the team's.",
  },
  collector: {
    what: "Where the collector exports to",
    deployed: "Honeycomb",
    here: `\`${localHoneycombEndpoint}\`, in the configuration in its image`,
    reason: "As for the backend's own traces.",
  },
  frontendArguments: {
    what: "Build arguments of the frontend",
    deployed: "URLs by `https`, ids of the deployed user pool",
    here: "URLs by `http://localhost`, ids of the local user pool",
    reason: "The bundle knows them for good, so the laptop has an image of its own.",
  },
  frontendCognito: {
    what: "Where the frontend finds Cognito",
    deployed: "`https://cognito-idp.REGION.amazonaws.com`",
    here: "the local AWS, by a script before the bundle; as deployed with `--var-file`",
    reason: "Cognito's library in the bundle takes its address from no variable.",
  },
  envoyKeys: {
    what: "Where Envoy finds the keys, with the setting `authz` false",
    deployed: "the user pool's own address at AWS",
    here: "the local AWS",
    reason: "As for the authorizer.",
  },
  names: {
    what: "Containers of one task",
    deployed: "one network interface: they reach each other by `localhost`",
    here: "an address each; names of Service Connect in the hosts file, as there",
    reason: "With one interface, a restarted app would cut its Envoy off.",
  },
  accessLog: {
    what: "Envoy's log of requests",
    deployed: "without users, written every 10 seconds",
    here: "with the user's name in the token, written at once",
    reason: "The page shows who a request was from.",
  },
  platform: {
    what: "Platform of the images",
    deployed: "the setting `images.platform`",
    here: "the machine's own",
    reason: "Another one would be emulated, which is slow.",
  },
  healthChecks: {
    what: "Health checks",
    deployed: "every 30 seconds",
    here: "the same commands, every 3 seconds",
    reason: "Nobody wants to wait half a minute for a change.",
  },
  limits: {
    what: "CPU and memory of a task",
    deployed: "limited",
    here: "not limited",
    reason: "Some engines can't limit without root, and a laptop is not the machine to measure on.",
  },
} as const satisfies Readonly<Record<string, Difference>>;

export const differences: readonly Difference[] = [...variableDifferences, ...Object.values(otherDifferences)];

function isTeams({ container: { image, environment, secrets } }: Placed): boolean {
  return (
    isOwnImage(image) &&
    imageEntry(image.repository)?.source.kind !== "project" &&
    (environment !== undefined || secrets !== undefined)
  );
}

function changed(variables: Variables, change: (value: string) => string): Variables {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === null || change(value) === value ? [] : [[name, change(value)]],
    ),
  );
}

/** A container's environment as the task definition has it. */
export function deployedVariables({ container }: Placed, region: string): Variables {
  const { environment, secrets = [] } = container;
  return {
    ...environment?.({ domain: placeholderDomain, region }),
    ...Object.fromEntries(secrets.map((secret) => [secret, null])),
  };
}

/** The same with the differences. */
export function localVariables(placed: Placed, region: string, places: Places): Variables {
  const deployed = deployedVariables(placed, region);
  const parts = variableDifferences.map(({ change }) => change(placed, deployed, places));
  return Object.assign({}, deployed, ...parts);
}

/** What the secrets are here. @param password of the local database */
export function localSecrets(
  { id, clientId }: UserPoolPlace,
  databaseUrl: string,
  ownSecrets: readonly string[],
): Readonly<Record<string, string>> {
  const known: Readonly<Record<SecretName, string>> = {
    AWS_COGNITO_USER_POOL_CLIENT_ID: clientId,
    AWS_COGNITO_USER_POOL_ID: id,
    CONNECTION_URL: databaseUrl,
    HONEYCOMB_API_KEY: "local",
    OTEL_EXPORTER_OTLP_HEADERS: "x-honeycomb-team=local",
    ROLLBAR_ACCESS_TOKEN: "local",
  };
  return { ...Object.fromEntries(ownSecrets.map((name) => [name, "local"])), ...known };
}
