import { isTaken } from "./hardening";
import type { Settings } from "./schema";

/** What the deployed Envoy's configuration depends on. */
export function envoySettings({ authz, envoy, hardening }: Settings) {
  return { authz, envoy, localBackend: isTaken(hardening, "localBackend") };
}
