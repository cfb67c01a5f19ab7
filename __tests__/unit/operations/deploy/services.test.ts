import type { PlannedStack } from "../../../../operations/deploy/planning";
import { plannedServices, publicHosts } from "../../../../operations/deploy/services";
import type { Plan } from "../../../../terraform/plan";

const stack = (id: string, plan: Plan): PlannedStack => ({
  ...{ id, folder: "", plan, json: "", text: "", file: "" },
  provisionalOver: [],
});
const resource = (address: string, values: object) => ({
  mode: address.startsWith("data.") ? "data" : "managed",
  address,
  values,
});

test("every service that will be there, those of modules too, and none that is only read", () => {
  const app = stack("app", {
    planned_values: {
      root_module: {
        resources: [
          resource("aws_ecs_service.a", { name: "a" }),
          resource("data.aws_ecs_service.b", { name: "b" }),
          resource("aws_ecs_cluster.c", { name: "c" }),
        ],
        child_modules: [{ resources: [resource('module.m["x"].aws_ecs_service.d', { name: "d" })] }],
      },
    },
  });
  expect(plannedServices([app])).toEqual(["a", "d"]);
});

test("the hosts are the network's as planned, or as the app has read them", () => {
  const hosts = { app: "example.com" };
  const network = stack("network", {
    planned_values: { outputs: { domain_names: { sensitive: false, value: hosts } } },
  });
  const unknown = stack("network", { planned_values: { outputs: { domain_names: { sensitive: false } } } });
  const app = stack("app", {
    prior_state: {
      values: {
        root_module: {
          resources: [resource("data.terraform_remote_state.network", { outputs: { domain_names: hosts } })],
        },
      },
    },
  });
  expect(publicHosts([network])).toEqual(hosts);
  expect(publicHosts([unknown, app])).toEqual(hosts);
  expect(publicHosts([unknown])).toEqual({});
});
