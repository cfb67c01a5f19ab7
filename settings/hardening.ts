/** How far the stacks are hardened: a level, and each step of it by name. What a step does is in its file in `hardening/`. */
import * as z from "zod";

/** 1: nobody notices. 2: behaviour changes, in place. 3: new revisions of the task definitions. */
export const hardeningLevels = [1, 2, 3] as const;
export type HardeningLevel = (typeof hardeningLevels)[number];

/** The level of each step. A name is also its file's: `deletionProtection` is `hardening/level-1/deletion-protection.ts`. */
export const hardeningSteps = {
  deletionProtection: 1,
  dropInvalidHeaders: 1,
  databaseBackups: 1,
  databaseInsights: 1,
  databaseLogs: 1,
  databaseIamLogin: 1,
  databaseCertificate: 1,
  tableRecovery: 1,
  logRetention: 1,
  imageScans: 1,
  circuitBreaker: 1,
  latestPlatform: 1,
  tlsPolicy: 2,
  accessLogs: 2,
  webFirewall: 2,
  firewallLog: 2,
  egressRules: 2,
  privateTasks: 2,
  privateDatabase: 2,
  databaseStandby: 2,
  databaseParameters: 2,
  databaseTls: 2,
  customerKey: 2,
  tableScaling: 2,
  immutableTags: 2,
  readOnlyRoot: 3,
  droppedCapabilities: 3,
  namedUsers: 3,
  serviceRoles: 3,
  localBackend: 3,
} as const satisfies Readonly<Record<string, HardeningLevel>>;

export type HardeningStep = keyof typeof hardeningSteps;
export const hardeningStepNames = Object.keys(hardeningSteps) as HardeningStep[];

const steps = Object.fromEntries(
  hardeningStepNames.map((name) => [
    name,
    z
      .boolean()
      .optional()
      .meta({
        purpose: `Whether the step of level ${hardeningSteps[name]} is taken; absent: the level decides.`,
        allowed: "true or false",
      }),
  ]),
) as Record<HardeningStep, z.ZodOptional<z.ZodBoolean>>;

export const hardeningSchema = z
  .strictObject({
    level: z
      .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
      .default(0)
      .meta({
        purpose: "Up to which level the stacks are hardened; 0 leaves them as the state has them.",
        allowed: "0, 1, 2 or 3",
      }),
    accessLogsBucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional()
      .meta({
        purpose: "Where the load balancer writes its access logs: for the step accessLogs.",
        allowed: "name of an S3 bucket in the load balancer's region, into which ELB may write",
      }),
    firewallLogsBucket: z
      .string()
      .regex(/^aws-waf-logs-[a-z0-9.-]{0,49}[a-z0-9]$/)
      .optional()
      .meta({
        purpose: "Where the firewall writes its log: for the step firewallLog.",
        allowed: "name of an S3 bucket in the load balancer's region that begins with aws-waf-logs-, as AWS asks",
      }),
    tasksReach: z.enum(["nat", "endpoints"]).optional().meta({
      purpose: "By what tasks without a public address reach AWS and the internet: for the step privateTasks.",
      allowed:
        '"nat": the subnets lead to a NAT gateway; or "endpoints": the VPC has endpoints for ECR, S3, logs, SSM and ECS',
    }),
    steps: z.strictObject(steps).prefault({}),
  })
  .prefault({});

export type Hardening = z.output<typeof hardeningSchema>;

export function isTaken(hardening: Hardening, name: HardeningStep): boolean {
  return takenSteps(hardening).includes(name);
}

/** The steps that are taken, in the order in which they are: a step's own setting goes before the level. */
export function takenSteps({ level, steps: single }: Hardening): HardeningStep[] {
  return hardeningStepNames.filter((name) => single[name] ?? hardeningSteps[name] <= level);
}
