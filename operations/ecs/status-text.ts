/** The status of services as text: a block for each, in which each thing is said once. */
import { age } from "../../lib/age";
import { printable } from "../../lib/printable";
import type { DeploymentStatus, ServiceStatus, TaskStatus } from "./status";
import type { TargetGroupStatus } from "./targets";

/** Marks a line that keeps the service from being steady. */
const marked = (isWrong: boolean) => (isWrong ? "!" : " ");

/** @param now in milliseconds since 1970 */
export function statusText(services: readonly ServiceStatus[], now = Date.now()): string {
  const blocks = services.map((one) => block(one, now).map(printable).join("\n"));
  return [...blocks, closing(services)].join("\n\n");
}

function closing(services: readonly ServiceStatus[]): string {
  const unsteady = services.filter(({ steady }) => !steady).map(({ name }) => name);
  if (unsteady.length === 0) return services.length === 0 ? "There is no service." : "Every service is steady.";
  const isOne = unsteady.length === 1;
  return printable(
    `${unsteady.length} of ${services.length} services ${isOne ? "isn't" : "aren't"} steady: ${unsteady.join(", ")}.`,
  );
}

function block(service: ServiceStatus, now: number): string[] {
  const { name, status, deployments, tasks, targetGroups, targetGroupsUnknown, lastEvent } = service;
  if (status === null) return [`${name}: not deployed`];
  const several = deployments.length > 1;
  const line = (label: string, text: string, isWrong = false) =>
    `${marked(isWrong)} ${label.padEnd(labelWidth)}${text}`;
  const shown = new Set<string>();
  return [
    headline(service),
    ...targetGroups.flatMap((group) => groupLines(group, line)),
    ...(targetGroupsUnknown === null ? [] : [line("targets", `not known: ${targetGroupsUnknown}`)]),
    ...deployments.flatMap((one) => {
      const isNew = !shown.has(one.taskDefinition);
      shown.add(one.taskDefinition);
      const isWrong = (one.rolloutState ?? "COMPLETED") !== "COMPLETED" || (several && one.status !== "PRIMARY");
      return [line("deployment", deploymentText(one, several, now), isWrong), ...(isNew ? imageLines(one) : [])];
    }),
    ...tasks.map((one) => line("task", taskText(one, several, now), one.health === "UNHEALTHY")),
    ...(lastEvent === null
      ? []
      : [line("last event", `${ago(lastEvent.time, now)}${lastEvent.time === null ? "" : ": "}${lastEvent.message}`)]),
  ];
}

const labelWidth = "last event".length + 2;

function headline({ name, steady, status, desired, running, pending }: ServiceStatus): string {
  const parts = [
    steady ? "steady" : "NOT STEADY",
    ...(status === "ACTIVE" ? [] : [String(status)]),
    `${running} of ${desired} ${desired === 1 ? "task runs" : "tasks run"}`,
    ...(pending === 0 ? [] : [`${pending} pending`]),
  ];
  return `${name}: ${parts.join(", ")}`;
}

function groupLines(
  { name, urls, targets }: TargetGroupStatus,
  line: (label: string, text: string, isWrong?: boolean) => string,
): string[] {
  const states = [...new Set(targets.map(({ state }) => state))];
  const counts = states.map((state) => `${targets.filter((one) => one.state === state).length} ${state}`);
  const health = counts.length === 0 ? "no target" : `targets: ${counts.join(", ")}`;
  const [first, ...others] = urls.length === 0 ? [name] : urls;
  return [
    line(urls.length === 0 ? "targets of" : "URL", `${first} (${health})`),
    ...others.map((url) => line("URL", url)),
    ...targets
      .filter(({ state }) => state !== "healthy")
      .map(({ target, state, reason }) =>
        line("target", `${target} ${state}${reason === null ? "" : `: ${reason}`}`, state === "unhealthy"),
      ),
  ];
}

const rollouts: Readonly<Record<string, string>> = {
  COMPLETED: "completed, begun",
  IN_PROGRESS: "in progress, begun",
  FAILED: "FAILED, begun",
};

function deploymentText(one: DeploymentStatus, several: boolean, now: number): string {
  const { id, status, rolloutState, rolloutStateReason, taskDefinition, since } = one;
  const state = rollouts[rolloutState ?? "COMPLETED"] ?? `${rolloutState}, begun`;
  const older = status === "PRIMARY" ? "" : "older, ";
  const counts = several ? `, ${one.running} of ${one.desired} tasks run` : "";
  const failed = one.failed > 0 ? `, ${one.failed} failed` : "";
  const why = rolloutState === "FAILED" && rolloutStateReason !== null ? `: ${rolloutStateReason}` : "";
  return `${taskDefinition} by ${id}, ${older}${state} ${ago(since, now)}${counts}${failed}${why}`;
}

function imageLines({ images }: DeploymentStatus): string[] {
  const width = Math.max(0, ...Object.keys(images).map((name) => name.length)) + 2;
  const indent = " ".repeat(2 + labelWidth);
  return Object.entries(images).map(([container, image]) => `${indent}${container.padEnd(width)}${image}`);
}

function taskText(
  { id, lastStatus, health, taskDefinition, containers, since }: TaskStatus,
  several: boolean,
  now: number,
): string {
  const sick = containers.filter((one) => one.health === "UNHEALTHY").map(({ name }) => name);
  return [
    `${id} ${health === "UNKNOWN" ? "health not known" : health.toLowerCase()}${sick.length === 0 ? "" : ` (${sick.join(", ")})`}`,
    ...(lastStatus === "RUNNING" ? [] : [lastStatus]),
    ...(several ? [`of ${taskDefinition}`] : []),
    ...(since === null ? [] : [`for ${age(since, now)}`]),
  ].join(", ");
}

function ago(time: string | null, now: number): string {
  return time === null ? "at an unknown time" : `${age(time, now)} ago`;
}
