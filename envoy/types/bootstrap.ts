/** The whole configuration. https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/bootstrap/v3/bootstrap.proto */
import type { Cluster } from "./cluster";
import type { Address, Duration, Extension, StringMatcher } from "./common";
import type { Listener } from "./listener";

export interface OverloadManager {
  readonly refresh_interval: Duration;
  readonly resource_monitors: readonly (
    | Extension<
        "envoy.resource_monitors.fixed_heap",
        "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
        { readonly max_heap_size_bytes: number }
      >
    | Extension<
        "envoy.resource_monitors.global_downstream_max_connections",
        "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        { readonly max_active_downstream_connections: number }
      >
  )[];
  readonly actions: readonly {
    readonly name: `envoy.overload_actions.${string}`;
    readonly triggers: readonly { readonly name: string; readonly threshold: { readonly value: number } }[];
  }[];
}

export interface Bootstrap {
  readonly admin: {
    readonly address: Address;
    readonly ignore_global_conn_limit: boolean;
    readonly allow_paths: readonly StringMatcher[];
  };
  readonly static_resources: { readonly listeners: readonly Listener[]; readonly clusters: readonly Cluster[] };
  readonly overload_manager: OverloadManager;
}
