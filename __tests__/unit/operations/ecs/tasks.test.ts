import type { Task } from "@aws-sdk/client-ecs";
import { byHealthAndAge, serviceOf, taskId, whyStopped } from "../../../../operations/ecs/tasks";

test.each<[string, Task, string]>([
  ["nothing known", {}, "AWS gives no reason"],
  ["the task's reason", { stopCode: "UserInitiated", stoppedReason: "by hand" }, "UserInitiated: by hand"],
  [
    "containers that ended badly, and only those",
    {
      stoppedReason: "Essential container in task exited",
      containers: [
        { name: "web", exitCode: 1 },
        { name: "envoy", exitCode: 0 },
        { name: "xray", reason: "CannotPullContainerError: no such tag" },
        { name: "log", exitCode: 143, healthStatus: "UNHEALTHY" },
      ],
    },
    "Essential container in task exited; container web: exit code 1; container xray: CannotPullContainerError: no such tag; container log: exit code 143, unhealthy",
  ],
])("why a task stopped: %s", (_what, task, sentence) => {
  expect(whyStopped(task)).toBe(sentence);
});

test("healthy tasks come first, then those without a verdict; of equals the newest", () => {
  const task = (taskArn: string, healthStatus: Task["healthStatus"], minute: number): Task => ({
    taskArn,
    healthStatus,
    startedAt: new Date(minute * 60_000),
  });
  const tasks = [
    task("sick", "UNHEALTHY", 9),
    task("old", "HEALTHY", 1),
    task("new", "HEALTHY", 2),
    task("unknown", "UNKNOWN", 8),
  ];
  expect(tasks.sort(byHealthAndAge).map(taskId)).toEqual(["new", "old", "unknown", "sick"]);
});

test("the service that a task is of", () => {
  expect(serviceOf({ group: "service:web" })).toBe("web");
  expect(serviceOf({ group: "family:web" })).toBeUndefined();
});
