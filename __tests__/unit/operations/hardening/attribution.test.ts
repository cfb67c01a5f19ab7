import { explanation } from "../../../../operations/explain/explanation";
import { changesOf, restartedBy, touchedBy } from "../../../../operations/hardening/attribution";
import { planned, planOf } from "../../../support/plans";

const stack = (resource: object) => [{ id: "app", json: { resource } }];
const plain = stack({ aws_lb: { main: { idle_timeout: 1, name: "a" } }, aws_s3_bucket: { old: {} } });

test("tells which arguments and resources a step touches", () => {
  const withStep = stack({ aws_lb: { main: { idle_timeout: 2, name: "a" } }, aws_iam_role: { new: {} } });
  expect([...touchedBy(plain, withStep)]).toEqual([
    ["app aws_lb.main", new Set(["idle_timeout"])],
    ["app aws_s3_bucket.old", undefined],
    ["app aws_iam_role.new", undefined],
  ]);
});

test("gives a step the changes that it makes, and no other's", () => {
  const whole = explanation([
    {
      name: "app",
      plan: planOf(
        planned("aws_lb.main", { before: { idle_timeout: 1, name: "a" }, after: { idle_timeout: 2, name: "b" } }),
        planned('aws_ecr_repository.repo["x"]', { before: { scan: false }, after: { scan: true } }),
        planned("aws_iam_role.new", { after: { name: "r" } }),
      ),
    },
  ]);
  const touched = new Map([
    ["app aws_lb.main", new Set(["idle_timeout"])],
    ["app aws_ecr_repository.repo", new Set(["scan"])],
  ]);
  expect(changesOf(whole, touched).map(({ address, action, arguments: names }) => [address, action, names])).toEqual([
    ['aws_ecr_repository.repo["x"]', "update", ["scan"]],
    ["aws_lb.main", "update", ["idle_timeout"]],
  ]);
  expect(changesOf(whole, new Map([["app aws_lb.main", new Set(["tags"])]]))).toEqual([]);
  expect(changesOf(whole, new Map([["app aws_iam_role.new", undefined]]))).toMatchObject([{ action: "create" }]);
  expect(changesOf(whole, new Map([["network aws_lb.main", new Set(["idle_timeout"])]]))).toEqual([]);
});

test("gives a step the restarts that its own arguments cause", () => {
  const values = { name: "api", platform_version: "1.4.0", enable_ecs_managed_tags: false };
  const after = { ...values, platform_version: "LATEST", enable_ecs_managed_tags: true };
  const whole = explanation([{ name: "app", plan: planOf(planned("aws_ecs_service.api", { before: values, after })) }]);
  expect(whole.restarts.map(({ reasons }) => reasons)).toEqual([expect.arrayContaining(["platform_version"])]);
  const restarts = (argument: string) =>
    restartedBy(whole, changesOf(whole, new Map([["app aws_ecs_service.api", new Set([argument])]])));
  expect(restarts("platform_version")).toEqual(["api"]);
  expect(restartedBy(whole, [])).toEqual([]);
  const [change] = changesOf(whole, new Map([["app aws_ecs_service.api", new Set(["platform_version"])]]));
  expect(change && restartedBy(whole, [{ ...change, arguments: ["deployment_circuit_breaker"] }])).toEqual([]);
  expect(change && restartedBy(whole, [{ ...change, plan: "network" }])).toEqual([]);
});
