/**
 * The services of the system, in the order in which the stacks make them. To add one, add it to the array: a literal
 * will do (README, "Adding a service").
 */
import { backendAuthz } from "./backend-authz";
import { backendFlaskWith, type TraceChoice } from "./backend-flask";
import type { ServiceDefinition } from "./definition";
import { frontendReactJs } from "./frontend-react-js";
import { otelCollector } from "./otel-collector";

export interface ServiceChoice extends TraceChoice {
  /** Whether the authorizer runs as a service of its own. */
  readonly authz: boolean;
}

export function servicesOf({ authz, ...traces }: ServiceChoice): readonly ServiceDefinition[] {
  return [backendFlaskWith(traces), ...(authz ? [backendAuthz] : []), frontendReactJs, otelCollector];
}
