/** Which ECS services get new tasks, and whether anybody notices. */
import type { Plan, PlannedChange } from "../../terraform/plan";
import type { Consequence, Values } from "./downtime";
import { blocksOf, entryOf, firstBlock, numberOf } from "./values";

const developerGuide = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide";
const rolling = `${developerGuide}/deployment-type-ecs.html`;

const strategies: Readonly<Record<string, { readonly name: string; readonly shift: string; readonly page: string }>> = {
  BLUE_GREEN: { name: "blue/green", shift: "at once", page: "deployment-type-blue-green" },
  LINEAR: { name: "linear", shift: "in equal steps", page: "deployment-type-linear" },
  CANARY: { name: "canary", shift: "a small part first, then the rest", page: "canary-deployment" },
};

/** What a new deployment by ECS means for whoever calls the service. */
export function deploymentConsequence(before: Values, after: Values): Consequence {
  const daemon = (after.scheduling_strategy ?? before.scheduling_strategy) === "DAEMON";
  const name = String(firstBlock(after.deployment_configuration)?.strategy ?? "ROLLING");
  const strategy = entryOf(strategies, name);
  let consequence: Consequence;
  if (daemon) consequence = daemonDeployment();
  else if (strategy !== undefined) consequence = shiftedDeployment(strategy, before, after);
  else if (name === "ROLLING") consequence = rollingDeployment(before, after);
  else consequence = { downtime: "unknown", text: `a deployment by the strategy ${name}, which is not known here` };
  return { ...consequence, text: [consequence.text, ...conditions(after)].join("; ") };
}

/** What else it depends on. */
function conditions(after: Values): string[] {
  const instances =
    after.launch_type === "EC2" ||
    after.launch_type === "EXTERNAL" ||
    blocksOf(after.capacity_provider_strategy).some(({ capacity_provider: name }) => !/^FARGATE/.test(String(name)));
  const breaker = firstBlock(after.deployment_circuit_breaker);
  return [
    ...(instances && after.scheduling_strategy !== "DAEMON"
      ? ["new tasks need room on the container instances, beside those that run"]
      : []),
    ...(breaker?.enable === true
      ? [breaker.rollback === true ? "one that fails is rolled back" : "one that fails is given up"]
      : []),
    ...(after.wait_for_steady_state === true ? ["the apply waits until the service is steady"] : []),
  ];
}

function daemonDeployment(): Consequence {
  return {
    downtime: "short",
    text: "each container instance in its turn is without the task until the new one runs (DAEMON)",
    source: `${developerGuide}/ecs_services.html`,
  };
}

function shiftedDeployment(
  { name, shift, page }: { readonly name: string; readonly shift: string; readonly page: string },
  before: Values,
  after: Values,
): Consequence {
  const desired = numberOf(after.desired_count) ?? numberOf(before.desired_count) ?? 1;
  const minutes = numberOf(Number(firstBlock(after.deployment_configuration)?.bake_time_in_minutes ?? 0)) || 0;
  return {
    downtime: "none",
    text: `${name} deployment: ${tasksText(desired)} more start beside those that run, then the traffic shifts (${shift}), and the old ones stop after a bake time of ${minutes} min`,
    source: `${developerGuide}/${page}.html`,
  };
}

function tasksText(count: number): string {
  return `${count} ${count === 1 ? "task" : "tasks"}`;
}

function rollingDeployment(before: Values, after: Values): Consequence {
  const desired = numberOf(after.desired_count) ?? numberOf(before.desired_count) ?? 1;
  const minimum = numberOf(after.deployment_minimum_healthy_percent) ?? 100;
  const maximum = numberOf(after.deployment_maximum_percent) ?? 200;
  const tasks = tasksText(desired);
  if (desired === 0) return { downtime: "none", text: "no task runs, and none is started (desired_count 0)" };
  const kept = Math.ceil((desired * minimum) / 100);
  if (kept >= desired && Math.floor((desired * maximum) / 100) <= desired) {
    return {
      downtime: "unknown",
      text: `${tasks}, at least ${minimum} % and at most ${maximum} %: ECS can neither stop an old task nor start a new one`,
      source: rolling,
    };
  }
  if (kept >= desired) {
    return {
      downtime: "none",
      text: `rolling deployment of ${tasks}: an old one stops when a new one is healthy (minimum ${minimum} %)`,
      source: rolling,
    };
  }
  if (kept > 0) {
    return {
      downtime: "none",
      text: `rolling deployment: as few as ${kept} of ${tasks} meanwhile (minimum ${minimum} %)`,
      source: rolling,
    };
  }
  return {
    downtime: "short",
    text: `rolling deployment of ${tasks}: ECS may stop all before new ones run (minimum ${minimum} %)`,
    source: rolling,
  };
}

/** What another number of tasks means. @returns undefined where it stays */
export function scalingConsequence(before: Values, after: Values): Consequence | undefined {
  const [old, now] = [numberOf(before.desired_count), numberOf(after.desired_count)];
  if (old === undefined || now === undefined || old === now) return undefined;
  if (now === 0) return { downtime: "outage", text: `all ${old} tasks stop (desired_count ${old} → 0)` };
  const text = now > old ? `${now - old} more` : `${old - now} of ${old} stop, after their connections are drained`;
  return { downtime: "none", text: `${text} (desired_count ${old} → ${now})` };
}

/** The change of the task definition that a service runs, if the plan has one. */
export function taskDefinitionOf(service: PlannedChange, plan: Plan): PlannedChange | undefined {
  const reference = service.change.before?.task_definition;
  if (typeof reference !== "string") return undefined;
  return (plan.resource_changes ?? []).find(({ type, change: { actions, before } }) => {
    if (type !== "aws_ecs_task_definition" || before === null || actions[0] === "no-op") return false;
    const { arn, arn_without_revision: bare, family, revision } = before;
    return [arn, bare, family, `${family}:${revision}`].includes(reference);
  });
}

/** Families of the task definitions whose containers read a parameter or secret. */
export function readersOf({ arn, name }: Values, plan: Plan): string[] {
  const families = (plan.resource_changes ?? []).flatMap(({ type, change }) => {
    const values = change.after ?? change.before;
    if (type !== "aws_ecs_task_definition" || values === null) return [];
    const text = String(values.container_definitions ?? change.before?.container_definitions ?? "");
    const read = [arn, name].some((id) => typeof id === "string" && text.includes(`"valueFrom":${JSON.stringify(id)}`));
    return read ? [String(values.family ?? change.before?.family)] : [];
  });
  return [...new Set(families)].sort();
}
