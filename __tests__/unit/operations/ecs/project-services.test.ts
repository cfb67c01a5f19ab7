import type { ECSClient } from "@aws-sdk/client-ecs";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { inOrder, projectServices } from "../../../../operations/ecs/project-services";
import { secretUses } from "../../../../operations/ecs/secret-sources";
import { SynthesizedServices } from "../../../../operations/ecs/synthesized-services";
import type { AppStack } from "../../../../stacks/app";
import { SynthesizedStacks } from "../../../../terraform/synthesized";
import { synth } from "../../../../tools/testing";

/** What a team may write beside the list of services. */
class Additions extends Construct {
  constructor(app: AppStack) {
    super(app, "Additions");
    const secret = new SecretsmanagerSecret(this, "secret", { name: "orders/db" });
    const size = new TerraformVariable(this, "size", { type: "number", default: 30 });
    const task = new EcsTaskDefinition(this, "orders", {
      family: "orders",
      containerDefinitions: JSON.stringify([
        { name: "orders", image: "x", secrets: [{ name: "DB", valueFrom: `${secret.arn}:password::` }] },
      ]),
      runtimePlatform: { cpuArchitecture: "ARM64" },
      ephemeralStorage: { sizeInGib: size.numberValue },
      tags: { team: "orders" },
    });
    new EcsService(this, "workers", {
      name: "worker-${each.key}",
      cluster: app.cluster.id,
      taskDefinition: task.arn,
    }).addOverride("for_each", '${toset(["a", "b"])}');
    const counted = new EcsService(this, "counted", { name: "n-${count.index}", cluster: app.cluster.id });
    counted.addOverride("task_definition", task.arn);
    counted.addOverride("count", 2);
    const other = new EcsCluster(this, "other", { name: "batch" });
    new EcsService(this, "elsewhere", { name: "elsewhere", cluster: other.arn, taskDefinition: "by-hand:3" });
    const name = new TerraformVariable(this, "name", { type: "string" });
    new EcsService(this, "unnamed", { name: name.stringValue, cluster: app.cluster.id, taskDefinition: task.arn });
  }
}

const synthesized = (() => {
  const stacks = synth({ additions: { app: Additions }, settings: { defaultTags: { owner: "us" } } });
  const json = Object.entries(stacks).map(([id, { json }]) => ({ id, json }));
  const known = { accountId: "123456789012", region: "eu-central-1", variables: { size: "30" } };
  return new SynthesizedServices(new SynthesizedStacks(json), known).all();
})();
const named = (name: string) => synthesized.find((one) => one.name === name);

test("services of additions, each instance for itself, in whichever cluster", () => {
  const added = synthesized.filter(({ name, cluster }) => cluster === "batch" || /^(\0|n-|worker-)/.test(name));
  const own = added.map(({ name, cluster }) => `${cluster}/${name}`);
  expect(own.sort()).toEqual([
    "batch/elsewhere",
    "cruddur/\u0000",
    "cruddur/n-0",
    "cruddur/n-1",
    "cruddur/worker-a",
    "cruddur/worker-b",
  ]);
  expect(named("worker-a")?.task).toMatchObject({
    family: "orders",
    runtimePlatform: { cpuArchitecture: "ARM64" },
    ephemeralStorage: { sizeInGiB: "30" },
    tags: { owner: "us", team: "orders" },
  });
  expect(named("elsewhere")).toEqual({ name: "elsewhere", cluster: "batch", targets: [] });
});

test("a secret that the stacks make is asked for by its name", () => {
  const [use] = secretUses(synthesized.filter(({ name }) => name === "worker-a"));
  expect(use?.source).toMatchObject({ kind: "secret", id: "orders/db", key: "password" });
});

/** A cluster that runs these, by cluster. */
function ecsWith(running: Readonly<Record<string, readonly string[]>>): ECSClient {
  const send = async ({ input }: { input: { cluster: string; services?: string[] } }) => {
    const names = running[input.cluster] ?? [];
    if (input.services === undefined) return { serviceArns: names.map((name) => `arn:x/${input.cluster}/${name}`) };
    const found = names.filter((name) => input.services?.includes(name));
    return { services: found.map((serviceName) => ({ serviceName, status: "ACTIVE" })) };
  };
  return Object.assign(Object.create(require("@aws-sdk/client-ecs").ECSClient.prototype), { send });
}

test("one list: the stacks' services in their order, and what else the cluster runs", async () => {
  const ecs = ecsWith({ cruddur: ["by-hand", "worker-a"], batch: ["elsewhere", "not-ours"] });
  const all = await projectServices(ecs, "cruddur", synthesized);
  expect(all.map(({ name }) => name)).toEqual([
    ...synthesized.map(({ name }) => name).filter((name) => name !== "\u0000"),
    "by-hand",
  ]);
  const deployed = all.flatMap((one) => (one.deployed === undefined ? [] : one.name));
  expect(deployed.sort()).toEqual(["by-hand", "elsewhere", "worker-a"]);
  expect(all.at(-1)).toMatchObject({ name: "by-hand", cluster: "cruddur" });
  expect(all.at(-1)?.synthesized).toBeUndefined();
});

test("only the named ones, and the nearest to a name that nobody has", async () => {
  const ecs = ecsWith({ cruddur: ["by-hand"] });
  const config = { region: async () => "eu-central-1", credentials: undefined };
  const some = await projectServices(ecs, "cruddur", synthesized, ["by-hand", "worker-b"]);
  expect(some.map(({ name }) => name)).toEqual(["worker-b", "by-hand"]);
  const failing = projectServices(Object.assign(ecs, { config }), "cruddur", synthesized, ["worker-c"]);
  await expect(failing).rejects.toThrow(/did you mean worker-[ab]\?/);
});

test("the services of the settings come first, in their order", () => {
  const named = (...names: string[]) => names.map((name) => ({ name }));
  expect(inOrder(named("a", "b", "c", "d"), ["d", "b"])).toEqual(named("d", "b", "a", "c"));
});
