/** Every step, by name, in the order in which they are taken. */
import { type HardeningStep, hardeningSteps } from "../settings/hardening";
import { circuitBreaker } from "./level-1/circuit-breaker";
import { databaseBackups } from "./level-1/database-backups";
import { databaseCertificate } from "./level-1/database-certificate";
import { databaseIamLogin } from "./level-1/database-iam-login";
import { databaseInsights } from "./level-1/database-insights";
import { databaseLogs } from "./level-1/database-logs";
import { deletionProtection } from "./level-1/deletion-protection";
import { dropInvalidHeaders } from "./level-1/drop-invalid-headers";
import { imageScans } from "./level-1/image-scans";
import { latestPlatform } from "./level-1/latest-platform";
import { logRetention } from "./level-1/log-retention";
import { tableRecovery } from "./level-1/table-recovery";
import { accessLogs } from "./level-2/access-logs";
import { customerKey } from "./level-2/customer-key";
import { databaseParameters } from "./level-2/database-parameters";
import { databaseStandby } from "./level-2/database-standby";
import { databaseTls } from "./level-2/database-tls";
import { egressRules } from "./level-2/egress-rules";
import { firewallLog } from "./level-2/firewall-log";
import { immutableTags } from "./level-2/immutable-tags";
import { privateDatabase } from "./level-2/private-database";
import { privateTasks } from "./level-2/private-tasks";
import { tableScaling } from "./level-2/table-scaling";
import { tlsPolicy } from "./level-2/tls-policy";
import { webFirewall } from "./level-2/web-firewall";
import { droppedCapabilities } from "./level-3/dropped-capabilities";
import { localBackend } from "./level-3/local-backend";
import { namedUsers } from "./level-3/named-users";
import { readOnlyRoot } from "./level-3/read-only-root";
import { serviceRoles } from "./level-3/service-roles";
import type { Step } from "./step";

export const steps: Readonly<Record<HardeningStep, Step>> = {
  deletionProtection,
  dropInvalidHeaders,
  databaseBackups,
  databaseInsights,
  databaseLogs,
  databaseIamLogin,
  databaseCertificate,
  tableRecovery,
  logRetention,
  imageScans,
  circuitBreaker,
  latestPlatform,
  tlsPolicy,
  accessLogs,
  webFirewall,
  firewallLog,
  egressRules,
  privateTasks,
  privateDatabase,
  databaseStandby,
  databaseParameters,
  databaseTls,
  customerKey,
  tableScaling,
  immutableTags,
  readOnlyRoot,
  droppedCapabilities,
  namedUsers,
  serviceRoles,
  localBackend,
};

/** @returns the steps that must be taken with one, before it, for it to do anything */
export function stepsBefore(name: HardeningStep): HardeningStep[] {
  const { follows } = steps[name];
  return follows === undefined ? [] : [follows];
}

/** @returns the level to which a step belongs */
export function levelOf({ name }: Pick<Step, "name">): (typeof hardeningSteps)[HardeningStep] {
  return hardeningSteps[name];
}
