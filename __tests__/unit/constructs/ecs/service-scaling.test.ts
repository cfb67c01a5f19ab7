import { loadSettings } from "../../../../settings/load";
import { synth } from "../../../../tools/testing";

const range = { min: 1, max: 4, cpuPercent: 60, memoryPercent: 80 };

test("a range leaves the number of tasks to AWS, of that service alone", () => {
  const { app } = synth({ settings: { autoscaling: { "backend-flask": range } } });
  expect(app.resource("aws_ecs_service.backend_flask").lifecycle).toEqual({ ignore_changes: ["desired_count"] });
  expect(app.resource("aws_ecs_service.frontend_react_js").lifecycle).toBeUndefined();
  expect(app.resource("aws_appautoscaling_target.backend_flask")).toMatchObject({
    resource_id: "service/${aws_ecs_cluster.cruddur.name}/${aws_ecs_service.backend_flask.name}",
    min_capacity: 1,
    max_capacity: 4,
  });
  const policies = app.addresses().filter((address) => address.startsWith("aws_appautoscaling_policy."));
  expect(policies).toEqual([
    "aws_appautoscaling_policy.backend_flask_cpu",
    "aws_appautoscaling_policy.backend_flask_memory",
  ]);
  const one = synth({ settings: { autoscaling: { "backend-flask": { min: 0, max: 2, memoryPercent: 70 } } } });
  expect(one.app.addresses().filter((address) => address.includes("_policy.backend_flask"))).toEqual([
    "aws_appautoscaling_policy.backend_flask_memory",
  ]);
});

test("the circuit breaker is every service's", () => {
  const { app } = synth({ settings: { circuitBreaker: true } });
  for (const address of app.addresses().filter((one) => one.startsWith("aws_ecs_service."))) {
    expect(app.resource(address).deployment_circuit_breaker).toEqual({ enable: true, rollback: true });
  }
});

test("a service that there isn't is refused with the nearest", () => {
  expect(() => synth({ settings: { autoscaling: { "backend-flsk": range } } })).toThrow(
    'The setting autoscaling has no service "backend-flsk": did you mean backend-flask?',
  );
});

test.each([
  [{ min: 3, max: 2, cpuPercent: 50 }, "min is more than max"],
  [{ min: 1, max: 2 }, "it has neither cpuPercent nor memoryPercent"],
  [{ min: 1, max: 2, cpuPercent: 0 }, "allowed is ranges by service"],
  [{ min: 1, max: 2, cpu: 50 }, "cpu"],
])("%j is refused: %s", (wrong, reason) => {
  const environment = { CRUDDUR_AUTOSCALING: JSON.stringify({ "backend-flask": wrong }) };
  expect(() => loadSettings({ directory: "/nowhere", environment })).toThrow(reason);
});
