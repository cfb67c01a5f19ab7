import type { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { deployedServices, lastPart, noSuchService } from "../../../../operations/ecs/services";

test.each<[string, string, string[], string[], string]>([
  ["a slip", "backend-flaks", ["backend-flask", "otel-collector"], [], "did you mean backend-flask?"],
  ["far from all", "xyz", ["backend-flask", "otel-collector"], [], "it has backend-flask, otel-collector."],
  ["declared only", "otel-collector", ["backend-flask"], ["otel-collector"], "though the settings have it: deploy"],
  ["an empty cluster", "backend-flask", [], [], "nor any other: deploy the app stack"],
])("no such service: %s", (_what, name, deployed, declared, sentence) => {
  const { message } = noSuchService(name, "cruddur", deployed, declared);
  expect(message).toContain(`There is no service "${name}" in the cluster cruddur`);
  expect(message).toContain(sentence);
});

test("services are asked for ten at a time, and come in the order of the names, without deleted ones", async () => {
  const asked: number[] = [];
  const ecs = {
    send: async ({ input: { services = [] } }: DescribeServicesCommand) => {
      asked.push(services.length);
      return {
        services: services
          .map((serviceName) => ({ serviceName, status: serviceName === "s3" ? "INACTIVE" : "ACTIVE" }))
          .reverse(),
      };
    },
  } as unknown as ECSClient;
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const found = await deployedServices(ecs, "cruddur", names);
  expect(asked).toEqual([10, 2]);
  expect(found.map(({ serviceName }) => serviceName)).toEqual(names.filter((name) => name !== "s3"));
});

test("the last part of an ARN", () => {
  expect(lastPart("arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7")).toBe("web:7");
  expect(lastPart("web")).toBe("web");
});
