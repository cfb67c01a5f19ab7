import type { Cluster } from "./types/cluster";
import type { HttpFilter } from "./types/http-filter";
import type { ResponseMapper } from "./types/listener";
import type { PerFilterConfig, Route, RouteMatch } from "./types/route";

/** What the two ways to verify a token have in common towards the routes. */
export interface TokenVerification {
  readonly filter: HttpFilter;
  readonly clusters: readonly Cluster[];
  /** Holds for a request, once the filter has run, whose user is established; never before. */
  readonly userIsEstablished: Pick<RouteMatch, "headers" | "dynamic_metadata">;
  /** What such a request goes on with. */
  readonly ofEstablishedUser: Pick<Route, "request_headers_to_add">;
  /** A route's part of the filter's configuration: no verification, where a failure is allowed, where it is not. */
  readonly none: PerFilterConfig;
  readonly optional: PerFilterConfig | undefined;
  readonly required: PerFilterConfig | undefined;
  /** What a request that may not go on without a user gets where the filter let it pass and told no user. */
  readonly statusWithoutUser: 401 | 503;
  readonly responseMappers: readonly ResponseMapper[];
}
