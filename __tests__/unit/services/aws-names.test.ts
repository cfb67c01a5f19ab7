import { servicesOf } from "../../../services";
import { awsNamesOf, hostsDomain, limitedNames } from "../../../services/aws-names";
import { requireFittingNames } from "../../../services/check/environment";

const services = servicesOf({ authz: true });

test("the environment goes before every name: with a hyphen, or as a part of the path", () => {
  const names = awsNamesOf("staging");
  expect(names.cluster).toBe("staging-cruddur");
  expect(names.logGroup).toBe("/staging/cruddur/fargate-cluster");
  expect(names.secretsPath).toBe("/staging/cruddur/backend-flask");
  expect(names.repository("envoy")).toBe("staging/envoy");
  for (const { name } of limitedNames(names)) expect(name).toMatch(/^\/?staging[-/]/);
});

test("without an environment the names are those of 02-app", () => {
  expect(awsNamesOf()).toMatchObject({
    cluster: "cruddur",
    logGroup: "/cruddur/fargate-cluster",
    secretsPath: "/cruddur/backend-flask",
    loadBalancer: "cruddur-backend-lb",
    functions: { postConfirmation: "PostUserConfirmationTrigger", messageStream: "MessageStream" },
  });
  expect(awsNamesOf().repository("envoy")).toBe("envoy");
  expect(awsNamesOf().taskFamily("backend-flask")).toBe("backend-flask");
});

test.each([
  [{}, "example.com"],
  [{ environment: "staging" }, "staging.example.com"],
  [{ environment: "staging", subdomain: "test" }, "test.example.com"],
  [{ environment: "staging", subdomain: "" }, "example.com"],
  [{ subdomain: "app" }, "app.example.com"],
])("the hosts of %j are below %s", (place, domain) => {
  expect(hostsDomain("example.com", place)).toBe(domain);
});

describe("names that grow too long", () => {
  const refusal = (environment: string) => {
    try {
      requireFittingNames(environment, services);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  test("the longest environment fits, and one more character doesn't", () => {
    expect(refusal("staging")).toBeUndefined();
    expect(refusal("stagings")).toBe(
      'The environment "stagings" makes names too long: give the setting environment at most 7 characters.\n' +
        '  - the target group "stagings-cruddur-backend-envoy-tg" has 33 characters: AWS takes at most 32',
    );
  });

  test("all are named at once, each with its limit", () => {
    const lines = refusal("a".repeat(60))?.split("\n").slice(1) ?? [];
    const limits = lines.map((line) =>
      /the ([\w -]+) "a+[^"]*" has \d+ characters: AWS takes at most (\d+)$/.exec(line),
    );
    expect(limits.map((found) => `${found?.[1]} ${found?.[2]}`)).toEqual([
      "load balancer 32",
      "X-Ray sampling rule 32",
      "X-Ray group 32",
      "database 63",
      "EventBridge rule 64",
      "role 64",
      "role 64",
      "role 64",
      "Lambda function 64",
      "Lambda function 64",
      "target group 32",
      "target group 32",
      "target group 32",
    ]);
  });

  test("where no environment is short enough, the services have to change", () => {
    const [first, ...rest] = services;
    const long = { ...first, route: { ...first?.route, targetGroupName: "t".repeat(32) } } as typeof first & object;
    expect(() => requireFittingNames("dev", [long, ...rest])).toThrow(
      'The environment "dev" makes names too long: give the services shorter names, or a shorter targetGroupName.\n',
    );
  });

  test("the list of services of an environment is refused with them", () => {
    expect(() => servicesOf({ authz: true, environment: "production" })).toThrow("production-cruddur-backend-envoy-tg");
  });
});
