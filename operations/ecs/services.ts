/** The services of the cluster by name. */
import { DescribeServicesCommand, type ECSClient, paginateListServices, type Service } from "@aws-sdk/client-ecs";
import { suggestion } from "../../lib/nearest";
import { shown, UserError } from "../../lib/user-error";
import { placeOf } from "../place";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html takes ten at a time. */
const servicesPerCall = 10;

/** Names of all services that the cluster has, whether this project made them or not, sorted. */
export async function serviceNames(ecs: ECSClient, cluster: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { serviceArns = [] } of paginateListServices({ client: ecs }, { cluster })) {
    names.push(...serviceArns.map(lastPart));
  }
  return names.sort();
}

/** What is deployed of the named services, in that order; a deleted one isn't, though AWS remembers it a while. */
export async function deployedServices(
  ecs: ECSClient,
  cluster: string,
  names: readonly string[],
  abortSignal?: AbortSignal,
): Promise<Service[]> {
  const found = new Map<string, Service>();
  for (let start = 0; start < names.length; start += servicesPerCall) {
    const some = names.slice(start, start + servicesPerCall);
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: some }), { abortSignal });
    for (const service of services) if (service.status !== "INACTIVE") found.set(service.serviceName ?? "", service);
  }
  return names.flatMap((name) => found.get(name) ?? []);
}

/** @throws UserError for the first name that isn't deployed, with the nearest that is */
export async function requireServices(
  ecs: ECSClient,
  cluster: string,
  names: readonly string[],
  declared: readonly string[],
): Promise<Service[]> {
  const services = await deployedServices(ecs, cluster, names);
  const missing = names.find((name) => !services.some(({ serviceName }) => serviceName === name));
  if (missing !== undefined)
    throw noSuchService(missing, await clusterIn(ecs, cluster), await serviceNames(ecs, cluster), declared);
  return services;
}

/** A cluster with the place where it was looked for. */
export async function clusterIn(ecs: ECSClient, cluster: string): Promise<string> {
  return `${cluster} (${await placeOf(ecs)})`;
}

/** @param cluster with its place */
export function noSuchService(
  name: string,
  cluster: string,
  deployed: readonly string[],
  declared: readonly string[],
): UserError {
  const start = `There is no service ${shown(name)} in the cluster ${cluster}`;
  if (declared.includes(name)) {
    return new UserError(`${start}, though the settings have it: deploy the app stack, or name another --region.`);
  }
  return new UserError(
    deployed.length === 0
      ? `${start}, nor any other: deploy the app stack, or name another --region.`
      : `${start}: ${suggestion(name, deployed, `it has ${deployed.join(", ")}.`)}`,
  );
}

/** The id or name at the end of an ARN, `backend-flask:7` of a task definition's. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
