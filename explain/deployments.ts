/** Which ECS services get new tasks, and whether anybody notices. */
import type { Plan, PlannedChange } from "../lib/terraform";
import type { Consequence, Values } from "./knowledge";

/**
 * Arguments of a service that start new tasks, as the API says of each.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const startsTasks = new Set([
  "force_new_deployment",
  "load_balancer",
  "network_configuration",
  "platform_version",
  "service_connect_configuration",
  "service_registries",
  "task_definition",
  "triggers",
  "volume_configuration",
  "vpc_lattice_configurations",
]);

const rolling = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html";

/** Those of the changed arguments that start new tasks. */
export function deploymentReasons(names: readonly string[]): string[] {
  return names.filter((name) => startsTasks.has(name));
}

/** What a new deployment of a service means for whoever calls it. */
export function deploymentConsequence(before: Values, after: Values): Consequence {
  const desired = numberOf(after.desired_count) ?? numberOf(before.desired_count) ?? 1;
  const minimum = numberOf(after.deployment_minimum_healthy_percent) ?? 100;
  const maximum = numberOf(after.deployment_maximum_percent) ?? 200;
  const tasks = `${desired} ${desired === 1 ? "task" : "tasks"}`;
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

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
