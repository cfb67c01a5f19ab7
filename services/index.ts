/**
 * The services of the system, in the order in which the stacks make them. A team's own are in `additions/services.ts`.
 */
import { teamServices } from "../additions/services";
import { backendAuthz } from "./backend-authz";
import { type BackendChoice, backendFlaskWith } from "./backend-flask";
import { requireValid } from "./check";
import { requireFittingNames } from "./check/environment";
import type { ServiceDefinition } from "./definition";
import { frontendReactJs } from "./frontend-react-js";
import { otelCollector } from "./otel-collector";

export interface ServiceChoice extends BackendChoice {
  /** Whether the authorizer runs as a service of its own. */
  readonly authz: boolean;
}

/** @throws UserError for a list that AWS would refuse, and for an environment that makes its names too long, with every reason */
export function servicesOf({ authz, ...choice }: ServiceChoice): readonly ServiceDefinition[] {
  const own = [backendFlaskWith(choice), ...(authz ? [backendAuthz] : []), frontendReactJs, otelCollector];
  return requireFittingNames(choice.environment, requireValid(teamServices(own)));
}
