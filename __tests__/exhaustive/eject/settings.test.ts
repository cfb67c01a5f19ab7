/**
 * Every setting of the stacks once: the ejected HCL, read by another parser (cdktf's hcl2json, which is HashiCorp's own),
 * says what the synthesized JSON says.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { moduleFiles, modules } from "../../../eject";
import { providerSchemas } from "../../../eject/schemas";
import { stepsBefore } from "../../../hardening/steps";
import { splitStackIds } from "../../../services/names";
import { hardeningStepNames } from "../../../settings/hardening";
import { settingLeaves } from "../../../settings/leaves";
import { type Shapes, shapesOf } from "../../../terraform/hcl/shape";
import { valueText } from "../../../terraform/hcl/value";
import { Terraform } from "../../../terraform/terraform";
import { makeStacks } from "../../../tools/testing";
import { TeamAppAdditions, TeamNetworkAdditions } from "../../support/eject/additions";
import { project } from "../../support/project";

const s3 = { type: "s3", bucket: "states", keys: { app: "app.tfstate" } };
const hardening = { accessLogsBucket: "logs", firewallLogsBucket: "aws-waf-logs-logs", tasksReach: "nat" };
/** Settings that change neither the network's nor the app's JSON: commands read them, or the stack images has them. */
const others = /^(variableFiles|sqlFiles\..*|images\..*|backend\.keys\.images)$/;
const flips: Readonly<Record<string, object>> = {
  nothing: {},
  awsProviderVersion: { awsProviderVersion: "~> 5.99" },
  terraformEnvironment: { terraformEnvironment: ["TOKEN"] },
  preventDestroy: { preventDestroy: false },
  preventDestroyExcept: { preventDestroyExcept: ["database"] },
  authz: { authz: false },
  "envoy.denialStatus": { envoy: { denialStatus: 403 } },
  "honeycomb.region": { honeycomb: { region: "eu" } },
  backendTraces: { backendTraces: "collector" },
  allowedAccountIds: { allowedAccountIds: ["123456789012"] },
  defaultTags: { defaultTags: { "a b": "${c} %{d}", e: '"' } },
  "backend.directory": { backend: { directory: "/states" } },
  "backend.type": { backend: s3 },
  "backend.bucket": { backend: { ...s3, bucket: "others" } },
  "backend.region": { backend: { ...s3, region: "eu-west-1" } },
  "backend.keys.network": { backend: { ...s3, keys: { ...s3.keys, network: "n${x}.tfstate" } } },
  "backend.keys.app": { backend: { ...s3, keys: { app: "b.tfstate" } } },
  "backend.useLockfile": { backend: { ...s3, useLockfile: false, dynamodbTable: "locks" } },
  "backend.dynamodbTable": { backend: { ...s3, dynamodbTable: "locks" } },
  "backend.endpoint": { backend: { ...s3, region: "eu-west-1", endpoint: "https://minio.example.com" } },
  "backend.usePathStyle": { backend: { ...s3, usePathStyle: true } },
  "backend.profile": { backend: { ...s3, profile: "states" } },
  "backend.roleArn": { backend: { ...s3, roleArn: "arn:aws:iam::123456789012:role/states" } },
  "database.instanceClass": { database: { instanceClass: "db.t4g.small" } },
  "database.engineVersion": { database: { engineVersion: "14" } },
  "database.parameterGroup": { database: { parameterGroup: "default.postgres14" } },
  "lambdaFunctions.postConfirmation": { lambdaFunctions: { postConfirmation: "Other" } },
  "lambdaFunctions.messageStream": { lambdaFunctions: { messageStream: "Other" } },
  xrayDaemonTag: { xrayDaemonTag: "3.x" },
  "logs.retentionDays": { logs: { retentionDays: 30 } },
  environment: { environment: "staging" },
  subdomain: { subdomain: "beta" },
  circuitBreaker: { circuitBreaker: true },
  autoscaling: { autoscaling: { "backend-flask": { min: 1, max: 4, cpuPercent: 60, memoryPercent: 70 } } },
  "alarms.enabled": { alarms: { enabled: true } },
  "alarms.emails": { alarms: { enabled: true, emails: ["team@example.com"] } },
  "alarms.databaseConnections": { alarms: { enabled: true, databaseConnections: 5 } },
  // Immutable tags are refused while the deployed ones are pushed again.
  "hardening.level": { hardening: { ...hardening, level: 2 }, images: { deploy: "hash" } },
  "hardening.accessLogsBucket": { hardening: { ...hardening, steps: { accessLogs: true } } },
  "hardening.firewallLogsBucket": { hardening: { ...hardening, steps: { webFirewall: true, firewallLog: true } } },
  "hardening.tasksReach": { hardening: { ...hardening, steps: { privateTasks: true } } },
  ...Object.fromEntries(
    hardeningStepNames.map((name) => [
      `hardening.steps.${name}`,
      {
        hardening: { ...hardening, steps: Object.fromEntries([...stepsBefore(name), name].map((one) => [one, true])) },
        images: { deploy: "hash" },
      },
    ]),
  ),
  subnetFilters: { subnetFilters: { "availability-zone": ["eu-west-1a", "eu-west-1b"] } },
};

const folder = mkdtempSync(join(tmpdir(), "flips-"));
let shapes: Shapes;
beforeAll(async () => {
  const required = { terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } } } };
  shapes = shapesOf(await providerSchemas(project, [required], []));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Objects and lists of one alike, as both syntaxes have either; without nulls and comments; expressions in one form. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap((one) => normal(one));
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([key, inner]) => key !== "//" && inner !== null && !(Array.isArray(inner) && inner.length === 0))
      .map(([key, inner]) => [key, normal(inner)]);
    return [Object.fromEntries(members)];
  }
  return [typeof value === "string" ? valueText(value, { indent: "", column: 0 }) : JSON.stringify(value)];
}

function synthesized(name: string, settings: object, additions = {}) {
  const outdir = join(folder, name);
  mkdirSync(outdir, { recursive: true });
  makeStacks({ outdir, settings, additions }).root.synth();
  return splitStackIds.map((id) => ({ id, folder: join(outdir, "stacks", id) }));
}

/** Names that Terraform takes for addresses stand in strings in the JSON, and as expressions in HCL. */
function bareStrings(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key, value) => {
    const isBare = ["depends_on", "ignore_changes", "provider", "from", "to", "when", "iterator"].includes(key);
    const wrap = (one: unknown) => (typeof one === "string" && !one.includes("${") ? `\${${one}}` : one);
    if (key === "source" && value === "aws") return "hashicorp/aws";
    return isBare ? (Array.isArray(value) ? value.map(wrap) : wrap(value)) : value;
  });
}

test("every setting of the stacks is here, and nothing else", () => {
  const known = settingLeaves.map(({ path }) => path).filter((path) => !others.test(path));
  expect(
    Object.keys(flips)
      .filter((name) => name !== "nothing")
      .sort(),
  ).toEqual(known.sort());
});

test.each(Object.keys(flips))("%s", async (name) => {
  const additions = name === "nothing" ? { network: TeamNetworkAdditions, app: TeamAppAdditions } : {};
  const stacks = synthesized(name, flips[name] ?? {}, additions);
  const texts: string[] = [];
  for (const joinedStacks of [[], splitStackIds]) {
    for (const { json } of modules({ stacks, out: join(folder, name, "out"), joinedStacks })) {
      const text = [...moduleFiles(json, shapes).values()].join("\n");
      texts.push(text);
      const parsed = (await parse("main.tf", text)) as Record<string, unknown>;
      // Values that nothing is evaluated in: hcl2json escapes as HCL does.
      const { variable: _, terraform, ...rest } = bareStrings(json) as Record<string, unknown>;
      const { variable: _variables, terraform: parsedTerraform, ...parsedRest } = bareStrings(parsed) as typeof rest;
      expect(normal(parsedRest)).toEqual(normal(rest));
      const literal = (value: unknown) => JSON.parse(JSON.stringify(normal(value)).replace(/([$%])\1\{/g, "$1{"));
      expect(literal(parsedTerraform)).toEqual(literal(terraform));
    }
  }
  writeFileSync(join(folder, name, "all.tf"), texts.join("\n"));
  const { stdout } = await new Terraform(join(folder, name)).attempt("fmt", "-check", "-diff", "-no-color");
  expect(stdout).toBe("");
  expect(readFileSync(join(folder, name, "all.tf"), "utf8")).not.toMatch(/= "\$\{[^}"]*\}"$/m);
});
