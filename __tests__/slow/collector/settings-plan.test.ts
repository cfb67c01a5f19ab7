/**
 * What the settings about traces change over deployed stacks: both are applied to a local AWS by the real Terraform and AWS
 * provider, and planned again with each setting.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalAws } from "../../../local/aws";
import { isMotoGap, motoGaps } from "../../../local/aws/gaps";
import { tfVariables } from "../../../local/trial/sample-variables";
import { changedOutputs, plannedChanges, type ResourceChange } from "../../../terraform/plan-changes";
import { Terraform } from "../../../terraform/terraform";
import { makeStacks, type StackOptions } from "../../../tools/testing";
import { deployedSystem } from "../../support/aws/deployed";

const minute = 60_000;

interface ContainerDefinition {
  readonly name: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string }[];
}

describe("over deployed stacks", () => {
  const folder = mkdtempSync(join(tmpdir(), "traces-"));
  const outdir = join(folder, "cdktf.out");
  const terraform = { network: {} as Terraform, app: {} as Terraform };
  let aws: LocalAws | undefined;

  function synthesize(settings: StackOptions["settings"] = {}): void {
    const { root } = makeStacks({ outdir, settings: { ...(settings as object), backend: { directory: folder } } });
    root.synth();
  }

  /** What both stacks would change apart from what moto forgets, after a synth with these settings. */
  async function changesWith(settings: StackOptions["settings"]): Promise<ResourceChange[]> {
    synthesize(settings);
    const plans = await Promise.all([terraform.network.plan(), terraform.app.plan()]);
    expect(plans.flatMap(changedOutputs)).toEqual([]);
    return plans.flatMap(plannedChanges).filter((change) => !isMotoGap(change));
  }

  /** The containers of the one task definition that changes, before and after; the rest of the changes is checked. */
  function containersOf(changes: readonly ResourceChange[]): Record<"before" | "after", ContainerDefinition[]> {
    const [service, taskDefinition, ...others] = changes;
    expect(others).toEqual([]);
    expect([service?.address, service?.actions]).toEqual(["aws_ecs_service.backend_flask", ["update"]]);
    const gaps = motoGaps.aws_ecs_service?.map(({ path }) => path) ?? [];
    const attributes = service?.attributes.filter(({ path }) => !gaps.includes(path)) ?? [];
    expect(attributes).toEqual([expect.objectContaining({ path: "task_definition", after: "(known after apply)" })]);
    expect([taskDefinition?.address, taskDefinition?.actions]).toEqual([
      "aws_ecs_task_definition.backend_flask",
      ["delete", "create"],
    ]);
    // What is new with each revision, and what AWS gives as empty where nothing is set.
    const isEmpty = (value: unknown) => value === "" || (typeof value === "object" && JSON.stringify(value) === "{}");
    const changed =
      taskDefinition?.attributes.filter(
        ({ before, after }) => after !== "(known after apply)" && !(after === null && isEmpty(before)),
      ) ?? [];
    expect(changed.map(({ path }) => path)).toEqual(["container_definitions"]);
    // Without the empty lists that AWS adds.
    const parsed = (value: unknown): ContainerDefinition[] =>
      JSON.parse(String(value), (_key, item) => (Array.isArray(item) && item.length === 0 ? undefined : item));
    return { before: parsed(changed[0]?.before), after: parsed(changed[0]?.after) };
  }

  beforeAll(async () => {
    const deployed = await deployedSystem();
    aws = deployed.aws;
    deployed.writeStates(folder);
    const environment = { ...aws.environment, ...tfVariables(deployed.variables) };
    synthesize();
    for (const stack of ["network", "app"] as const) {
      terraform[stack] = new Terraform(join(outdir, "stacks", stack), { environment });
      await terraform[stack].init();
    }
  }, 10 * minute);

  afterAll(async () => {
    await aws?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "as the state has it, nothing changes",
    async () => {
      expect(await changesWith({ backendTraces: "xray", honeycomb: { region: "us" } })).toEqual([]);
    },
    5 * minute,
  );

  test(
    "the backend's traces by the collector: the backend's task definition, and the service that points to it",
    async () => {
      const { before, after } = containersOf(await changesWith({ backendTraces: "collector" }));
      const names = (containers: readonly ContainerDefinition[]) => containers.map(({ name }) => name).sort();
      expect([names(before), names(after)]).toEqual([
        ["backend-flask", "envoy", "xray"],
        ["backend-flask", "envoy"],
      ]);
      const app = (containers: readonly ContainerDefinition[]) =>
        containers.find(({ name }) => name === "backend-flask") as ContainerDefinition;
      const environmentOf = (containers: readonly ContainerDefinition[]) =>
        Object.fromEntries((app(containers).environment ?? []).map(({ name, value }) => [name, value]));
      expect(environmentOf(after)).toEqual({
        ...environmentOf(before),
        AWS_XRAY_SDK_ENABLED: "false",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel-collector.cruddur:4318",
      });
      const secretsOf = (containers: readonly ContainerDefinition[]) =>
        (app(containers).secrets ?? []).map(({ name }) => name).sort();
      expect(secretsOf(before).filter((name) => !secretsOf(after).includes(name))).toEqual([
        "OTEL_EXPORTER_OTLP_HEADERS",
      ]);
    },
    5 * minute,
  );

  test(
    "Honeycomb's EU region: the same two, by the backend's endpoint alone",
    async () => {
      const { before, after } = containersOf(await changesWith({ honeycomb: { region: "eu" } }));
      const changed = JSON.stringify(before).replace("https://api.honeycomb.io", "https://api.eu1.honeycomb.io");
      expect(after).toEqual(JSON.parse(changed));
    },
    5 * minute,
  );
});
