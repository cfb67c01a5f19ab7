import { backendFlask } from "../services/backend-flask";
import type { OverloadManager } from "./types/bootstrap";

const heap = "envoy.resource_monitors.fixed_heap";
const connections = "envoy.resource_monitors.global_downstream_max_connections";

/** Envoy's part of the task's memory; the app and its sidecars have the rest. */
export const heapLimitBytes = (backendFlask.memoryMiB / 4) * 1024 * 1024;

/**
 * Near its limit of memory Envoy gives some back, then takes no further requests, rather than being killed with all that
 * are under way. https://www.envoyproxy.io/docs/envoy/latest/configuration/operations/overload_manager/overload_manager
 */
export const overloadManager: OverloadManager = {
  refresh_interval: "0.25s",
  resource_monitors: [
    {
      name: heap,
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
        max_heap_size_bytes: heapLimitBytes,
      },
    },
    {
      name: connections,
      typed_config: {
        "@type":
          "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        max_active_downstream_connections: 1000,
      },
    },
  ],
  actions: [
    { name: "envoy.overload_actions.shrink_heap", triggers: [{ name: heap, threshold: { value: 0.9 } }] },
    { name: "envoy.overload_actions.stop_accepting_requests", triggers: [{ name: heap, threshold: { value: 0.95 } }] },
  ],
};
