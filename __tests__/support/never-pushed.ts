/** A service whose image isn't there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** additions/services.ts of a team that wants a tag of the backend which nobody has pushed. */
const services = `import type { ServiceDefinition } from "../services/definition";

export function teamServices(own: readonly ServiceDefinition[]): readonly ServiceDefinition[] {
  return own.map((service) => {
    if (service.name !== "backend-flask") return service;
    const [app, ...sidecars] = service.containers;
    return { ...service, containers: [{ ...app, image: { ...app.image, tag: "2.0" } }, ...sidecars] };
  });
}
`;

/** @param clone the project's folder */
export function wantNeverPushed(clone: string): void {
  writeFileSync(join(clone, "additions", "services.ts"), services);
}

export const isNeverPushed = (image: string) => image.endsWith("/backend-flask:2.0");
