/** The compose file against the compose specification's own schema, and against the task definitions that it is made of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import {
  type ComposeService,
  composeFile,
  composeYaml,
  runningContainers,
} from "../../../../local/system/compose-file";
import { deployedVariables, variableDifferences } from "../../../../local/system/differences";
import { hostPorts } from "../../../../local/system/places";
import { servicesOf } from "../../../../services";
import { backendTraceRoutes } from "../../../../services/backend-flask";
import { httpPort, type ServiceDefinition } from "../../../../services/definition";
import { samplePlaces, sampleSystem } from "../../../support/local-system";
import { project } from "../../../support/project";

const schema = JSON.parse(readFileSync(join(project, "__tests__/fixtures/compose-spec/compose-spec.json"), "utf8"));
const validate = new Ajv({ allowUnionTypes: true, strict: false, validateFormats: false }).compile({
  ...schema,
  $schema: "http://json-schema.org/draft-07/schema#",
});

const choices = [true, false].flatMap((authz) => backendTraceRoutes.map((backendTraces) => ({ authz, backendTraces })));

const orders: ServiceDefinition = {
  name: "orders",
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "orders",
      image: { repository: "orders" },
      ports: [httpPort("orders", 80)],
      environment: ({ domain, region }) => ({
        SELF: `https://orders.${domain}/v1`,
        OTHER: `https://orders.${domain}.example.com`,
        PRICE: "$5",
        REGION: region,
      }),
      secrets: ["ORDERS_API_KEY"],
    },
    { name: "cache", image: { registry: "public.ecr.aws", repository: "docker/library/redis", tag: "7" }, ports: [] },
  ],
  route: { hostLabel: "orders", priority: 300, containerPort: 80, healthCheckPath: "/" },
  ownSecrets: ["ORDERS_API_KEY"],
};

const withOrders = [...servicesOf({ authz: true }), orders];
const composedOrders = composeFile(sampleSystem({ services: withOrders })).services;

test.each(choices)("with %j it is a compose file by the specification, as YAML too", (choice) => {
  const file = composeFile(sampleSystem({ services: servicesOf(choice) }));
  expect([validate(parse(composeYaml(file))), validate.errors]).toEqual([true, null]);
  expect(parse(composeYaml(file))).toEqual(JSON.parse(JSON.stringify(file)));
});

test("the schema refuses what isn't one", () => {
  const file = composeFile(sampleSystem());
  const broken = { ...file, services: { app: { ...file.services.envoy, imgae: "x" } } };
  expect(validate(JSON.parse(JSON.stringify(broken)))).toBe(false);
});

test.each(choices)(
  "with %j a container has the variables of its task definition, and what the table says",
  (choice) => {
    const services = servicesOf(choice);
    const { services: composed } = composeFile(sampleSystem({ services }));
    for (const placed of runningContainers(services)) {
      const deployed = deployedVariables(placed, "us-east-1");
      const told = Object.assign(
        {},
        ...variableDifferences.map(({ change }) => change(placed, deployed, samplePlaces)),
      );
      expect(composed[placed.name]?.environment ?? {}).toEqual({ ...deployed, ...told });
      expect(composed[placed.name]?.user).toBe(placed.container.user);
      expect(composed[placed.name]?.healthcheck?.test[1]).toBe(placed.container.healthCheckCommand);
    }
  },
);

test("what differs for the default services", () => {
  const { services: composed } = composeFile(sampleSystem());
  expect(composed["backend-flask"]?.environment).toEqual({
    AWS_DEFAULT_REGION: "us-east-1",
    BACKEND_URL: "http://localhost:8800",
    FRONTEND_URL: "http://localhost:3000",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://local-honeycomb:4319",
    OTEL_SERVICE_NAME: "cruddur-backend-flask",
    AWS_XRAY_SDK_ENABLED: "false",
    AWS_ENDPOINT_URL: "http://local-aws:4566",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_COGNITO_USER_POOL_CLIENT_ID: null,
    AWS_COGNITO_USER_POOL_ID: null,
    CONNECTION_URL: null,
    OTEL_EXPORTER_OTLP_HEADERS: null,
    ROLLBAR_ACCESS_TOKEN: null,
  });
  expect(composed.authz?.environment).toMatchObject({
    JWKS: "http://local-aws:4566/us-east-1_Local/.well-known/jwks.json",
  });
  expect(composed["otel-collector"]?.environment).toEqual({
    HTTPS_FRONTEND_URL: "http://localhost:3000",
    HTTP_FRONTEND_URL: "http://localhost:3000",
    HONEYCOMB_API_KEY: null,
  });
  for (const name of ["envoy", "frontend-react-js"]) expect(composed[name]).not.toHaveProperty("environment");
  expect(Object.keys(composed)).not.toContain("xray");
});

test("with the team's own user pool the authorizer asks Cognito for the keys", () => {
  const places = { ...samplePlaces, userPool: { ...samplePlaces.userPool, at: "aws" as const } };
  expect(composeFile(sampleSystem({ places })).services.authz?.environment).not.toHaveProperty("JWKS");
});

test("nothing listens beyond the loopback interface", () => {
  const published = Object.values(composedOrders).flatMap(({ ports = [] }: ComposeService) => ports);
  expect(published).toEqual([
    "127.0.0.1:4566:4566",
    "127.0.0.1:5433:5432",
    "127.0.0.1:4319:4319",
    "127.0.0.1:8800:8800",
    "127.0.0.1:3000:80",
    "127.0.0.1:4318:4318",
    "127.0.0.1:8080:80",
  ]);
});

test("each container has an address of its own, and the names of Service Connect lead to them", () => {
  const addressOf = (name: string) => Object.values(composedOrders[name]?.networks ?? {})[0]?.ipv4_address;
  const all = Object.keys(composedOrders).map(addressOf);
  expect(new Set(all).size).toBe(all.length);
  // One that is started again is found at once: nobody has to learn another hardware address for it.
  const hardware = Object.values(composedOrders).map((service) => Object.values(service.networks)[0]?.mac_address);
  expect(hardware).toEqual(expect.arrayContaining([expect.stringMatching(/^02:42(:[0-9a-f]{2}){4}$/)]));
  expect(new Set(hardware).size).toBe(all.length);
  expect(composedOrders.envoy?.extra_hosts).toEqual(
    expect.arrayContaining([
      `backend-flask.cruddur:${addressOf("backend-flask")}`,
      `authz.cruddur:${addressOf("authz")}`,
      `orders.cruddur:${addressOf("orders")}`,
      `local-aws:${addressOf("local-aws")}`,
    ]),
  );
  // The target group's port is for the load balancer alone.
  expect(composedOrders.envoy?.extra_hosts?.join()).not.toContain("health-check");
});

test("a team's service has its URL here, its secrets from the environment, and its dollar signs", () => {
  expect(composedOrders.orders?.environment).toMatchObject({
    SELF: "http://localhost:8080/v1",
    OTHER: "https://orders.cruddur.localhost.example.com",
    PRICE: "$$5",
    ORDERS_API_KEY: null,
  });
  expect(composedOrders.cache).toMatchObject({ image: "public.ecr.aws/docker/library/redis:7" });
  expect(composedOrders.cache).not.toHaveProperty("pull_policy");
});

test("ports are chosen by name; each mistake is named", () => {
  expect(hostPorts(withOrders, { app: 8080 }).get("orders")).toBe(8081);
  expect(() => hostPorts(withOrders, { shop: 1, api: 4000, aws: 4000 })).toThrow(
    '--port is for "shop", which is none of the system: give api, app, otel-collector, orders, aws, database, honeycomb, page; --port aws=4000 is asked for twice: give another port.',
  );
});

test.each(["10.89.213.0/16", "8.8.8.0/24", "172.15.0.0/24", "10.300.1.0/24"])("no network in %s", (subnet) => {
  expect(() => composeFile(sampleSystem({ subnet }))).toThrow(/^--subnet is "/);
});

test("a folder of this machine takes the place of one in the image", () => {
  const mounts = new Map([["backend-flask", { folder: "/code/backend-flask", target: "/backend-flask" }]]);
  const { services } = composeFile(sampleSystem({ mounts }));
  expect(services["backend-flask"]?.volumes).toEqual(["/code/backend-flask:/backend-flask"]);
});

test("what a project's image declares as a volume is a tmpfs: a volume would outlive the container", () => {
  const { services: composed } = composeFile(sampleSystem());
  const dockerfile = readFileSync(join(project, "frontend/image/Dockerfile.prod"), "utf8");
  expect(dockerfile).toContain('VOLUME ["/tmp"]');
  expect(composed["frontend-react-js"]?.tmpfs).toEqual(["/tmp"]);
  for (const name of ["backend-flask", "envoy", "authz"]) expect(composed[name]).not.toHaveProperty("tmpfs");
});
