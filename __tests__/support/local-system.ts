/** A local system as it is with the default settings, for tests of what is made of it. */
import { type LocalSystem, localRepositories } from "../../local/system/compose-file";
import type { Places } from "../../local/system/differences";
import { hostPorts, localUrls } from "../../local/system/places";
import { servicesOf } from "../../services";

export const samplePlaces: Places = {
  urls: localUrls(servicesOf({ authz: true }), hostPorts(servicesOf({ authz: true }), {})),
  userPool: { at: "local", id: "us-east-1_Local", clientId: "localclient" },
};

export function sampleSystem(changes: Partial<LocalSystem> = {}): LocalSystem {
  const services = changes.services ?? servicesOf({ authz: true });
  const ports = hostPorts(services, {});
  return {
    name: "cruddur-local",
    services,
    region: "us-east-1",
    places: { ...samplePlaces, urls: localUrls(services, ports) },
    hostPorts: ports,
    subnet: "10.89.213.0/24",
    images: new Map(localRepositories(services).map((name) => [name, `localhost/cruddur-local/${name}:1`])),
    surroundingImages: {
      aws: "localhost/aws:1",
      database: "docker.io/library/postgres:14.6",
      honeycomb: "localhost/h:1",
    },
    databaseFiles: ["/code/db/schema.sql", "/code/db/seed.sql"],
    ...changes,
  };
}
