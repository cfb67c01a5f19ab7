import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { begunRollout, newEvents, observe } from "../../../../operations/ecs/rollout";

const at = (seconds: number) => new Date(seconds * 1000);
const arn = (revision: number) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${revision}`;

const own = (more: Partial<Deployment> = {}): Deployment => ({
  id: "ecs-svc/2",
  status: "PRIMARY",
  taskDefinition: arn(7),
  createdAt: at(100),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  rolloutState: "COMPLETED",
  ...more,
});
const older: Deployment = { id: "ecs-svc/1", status: "ACTIVE", taskDefinition: arn(6), createdAt: at(1) };
const service = (more: Partial<Service> = {}): Service => ({
  serviceName: "web",
  status: "ACTIVE",
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  deployments: [own()],
  ...more,
});
const rollout = { service: "web", deploymentId: "ecs-svc/2", taskDefinition: "web:7", createdAt: at(100) };

test("what was begun is the primary deployment", () => {
  expect(begunRollout(service({ deployments: [older, own()] }))).toEqual(rollout);
  expect(begunRollout(service({ deployments: [older] }))).toBeUndefined();
});

test("steady is: the one deployment, completed, with all its tasks", () => {
  expect(observe(rollout, service()).state).toBe("steady");
  expect(observe(rollout, service({ desiredCount: 0, runningCount: 0 })).state).toBe("steady");
  // AWS gives no rollout state for other deployment controllers.
  expect(observe(rollout, service({ deployments: [own({ rolloutState: undefined })] })).state).toBe("steady");
});

test.each<[string, Partial<Service>]>([
  ["the rollout goes on", { deployments: [own({ rolloutState: "IN_PROGRESS" })] }],
  ["old tasks drain", { deployments: [own(), older] }],
  ["a task is missing", { runningCount: 1 }],
  ["a task too many runs", { runningCount: 3 }],
  ["a task is pending", { pendingCount: 1 }],
  ["AWS still tells what was before", { deployments: [{ ...older, status: "PRIMARY" }] }],
])("in progress: %s", (_what, more) => {
  expect(observe(rollout, service(more)).state).toBe("in progress");
});

test.each<[string, Service | undefined, string]>([
  ["gone", undefined, "the service was deleted"],
  ["draining", service({ status: "DRAINING" }), "the service was deleted"],
  [
    "failed, and nothing in its place",
    service({ deployments: [own({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." }), older] }),
    "tasks failed to start",
  ],
  ["failed without a reason", service({ deployments: [own({ rolloutState: "FAILED" })] }), "AWS gives no reason"],
  [
    "replaced while it has tasks",
    service({
      deployments: [own({ id: "ecs-svc/3", createdAt: at(200), taskDefinition: arn(8) }), own({ status: "ACTIVE" })],
    }),
    "it was replaced; the service now deploys web:8 by ecs-svc/3",
  ],
  [
    "rolled back, and nothing of it is left",
    service({
      deployments: [
        own({ id: "ecs-svc/3", createdAt: at(200), taskDefinition: arn(6), rolloutStateReason: "rolling back." }),
      ],
    }),
    "it was replaced; the service now deploys web:6 by ecs-svc/3 (rolling back)",
  ],
])("failed: %s", (_what, seen, reason) => {
  expect(observe(rollout, seen)).toMatchObject({ state: "failed", reason });
});

test("counts are of the new deployment's tasks", () => {
  const deployments = [own({ runningCount: 1, pendingCount: 1, failedTasks: 3 }), older, { ...older, id: "ecs-svc/0" }];
  expect(observe(rollout, service({ deployments })).counts).toBe(
    "1 of 2 new tasks run, 1 pending, 3 failed, 2 older deployments drain",
  );
});

test("events are told oldest first, and once", () => {
  const events = ["c", "b", "a"].map((id) => ({ id, message: id }));
  expect(newEvents({ events }, new Set(["a"])).map(({ id }) => id)).toEqual(["b", "c"]);
});
