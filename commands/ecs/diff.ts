/** Says how what runs differs from what the stacks would deploy. Changes nothing. */
import { DescribeTaskDefinitionCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { printable } from "../../lib/printable";
import type { AwsOptions } from "../../operations/aws";
import { inOrder, type ProjectService, projectServices } from "../../operations/ecs/project-services";
import { lastPart } from "../../operations/ecs/services";
import { anything, isKnown } from "../../operations/ecs/synthesized-services";
import { type TaskDefinitionDifference, taskDefinitionDifference } from "../../operations/ecs/task-definition-diff";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type JsonOption, type VarFileOption, withJson, withVarFile } from "../shared/options";
import { beginEcsSession } from "./session";
import { synthesized } from "./synthesized";

const command = withVarFile(
  withAwsOptions(
    withJson(
      newCommand(
        "bin/ecs/diff",
        "Compares the task definitions that run with those that the stacks would deploy: all that a task definition can hold, environment and secrets by name. Changes nothing.",
        {
          done: "nothing differs",
          failed: "no comparison is possible: the error says why",
          differs: "something differs, isn't deployed, or runs and isn't in the stacks",
        },
      ).argument("[service...]", "only these services (default: all of the stacks and of the cluster)"),
      "{services: [{service, running, inStacks, differences, containers, isPartial}]}",
    ),
  ),
);

interface Compared extends TaskDefinitionDifference {
  readonly service: string;
  /** `FAMILY:REVISION`; null where the service isn't deployed. */
  readonly running: string | null;
  /** Whether the stacks have it. */
  readonly inStacks: boolean;
}

function isSame({ running, inStacks, differences, containers, isPartial }: Compared): boolean {
  // One whose name isn't known before a plan may be deployed, or not.
  if (running === null) return isPartial;
  return inStacks && differences.length === 0 && containers.length === 0;
}

function verdict(one: Compared): string {
  if (one.running === null) return one.isPartial ? "its name isn't known before a plan" : "isn't deployed";
  if (!one.inStacks) return "isn't in the stacks";
  return isSame(one) ? "same" : "differs";
}

function print(services: readonly Compared[]): void {
  for (const one of services) {
    const { service, running, differences, containers } = one;
    const what = verdict(one);
    console.log(printable(`${service}${running === null ? "" : ` (${running})`}: ${what}`));
    for (const difference of differences) console.log(printable(`  ${difference}`));
    for (const { container, differences: own } of containers) {
      for (const difference of own) console.log(printable(`  container ${container}: ${difference}`));
    }
  }
  if (services.some(({ isPartial }) => isPartial)) {
    console.log(
      "\nWhat depends on variables that aren't known here was not compared in full: give --var-file FILE, or TF_VAR_….",
    );
  }
}

/** The task definition that a service goes to; of one whose deployments are others' (CodeDeploy's), its primary task set's. */
function taskDefinitionOf({ taskDefinition, taskSets = [] }: Service): string | undefined {
  return taskDefinition ?? taskSets.find(({ status }) => status === "PRIMARY")?.taskDefinition;
}

async function compared(ecs: ECSClient, { name, synthesized: wanted, deployed }: ProjectService): Promise<Compared> {
  const running = deployed && taskDefinitionOf(deployed);
  const none = { service: name, running: null, inStacks: wanted !== undefined, differences: [], containers: [] };
  if (running === undefined) return { ...none, isPartial: false };
  if (wanted === undefined) return { ...none, running: lastPart(running), isPartial: false };
  const input = { taskDefinition: running, include: ["TAGS" as const] };
  const { taskDefinition = {}, tags } = await ecs.send(new DescribeTaskDefinitionCommand(input));
  return { ...none, running: lastPart(running), ...taskDefinitionDifference(taskDefinition, wanted, tags ?? []) };
}

performOnAws<AwsOptions & VarFileOption & JsonOption>(command, async (options, given) => {
  const session = beginEcsSession(options);
  const { ecs, cluster, declared } = session;
  const wanted = inOrder((await synthesized(session, options)).services.all(), declared);
  const services: Compared[] = [];
  for (const one of await projectServices(ecs, cluster, wanted, given)) services.push(await compared(ecs, one));
  const unnamed = given.length > 0 ? [] : wanted.filter(({ name }) => !isKnown(name));
  for (const { name } of unnamed) {
    const none = { running: null, inStacks: true, differences: [], containers: [], isPartial: true };
    services.push({ service: name.replaceAll(anything, "…"), ...none });
  }
  if (options.json) console.log(JSON.stringify({ services }, null, 2));
  else print(services);
  if (!services.every(isSame)) process.exitCode = exitCodes.differs;
});
