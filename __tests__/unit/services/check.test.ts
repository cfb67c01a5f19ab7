import { servicesOf } from "../../../services";
import { requireValid, serviceProblems } from "../../../services/check";
import { takenIds } from "../../../services/check/taken-ids";
import { httpPort, routeName, type ServiceDefinition, underscored } from "../../../services/definition";
import { makeStacks } from "../../../tools/testing";

const own = servicesOf({ authz: true });

// biome-ignore lint/suspicious/noExplicitAny: what a team may write, right or wrong.
function orders(changes: any = {}, container: any = {}, route: any = {}): ServiceDefinition {
  return {
    name: "orders",
    cpu: 256,
    memoryMiB: 512,
    containers: [{ name: "orders", image: { repository: "orders" }, ports: [httpPort("orders", 8080)], ...container }],
    route: { hostLabel: "orders", priority: 300, containerPort: 8080, healthCheckPath: "/health", ...route },
    ...changes,
  };
}

test("the project's own list, with a service more, is right", () => {
  expect(serviceProblems(own)).toEqual([]);
  expect(serviceProblems([...own, orders()])).toEqual([]);
});

const apex = { hostLabel: undefined, priority: undefined, apexRecord: "orders_apex" };

// biome-ignore format: a table
test.each<[string, ServiceDefinition, string]>([
  ["two at the apex", orders({}, {}, apex), 'the route "apex" is there in frontend-react-js and in orders: give each its own'],
  ["one priority twice", orders({}, {}, { priority: 100 }), 'the rule priority "100" is there in backend-flask and in orders: give each its own'],
  ["no such CPU", orders({ cpu: 300 }), "orders has cpu 300: Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384"],
  ["no such pair", orders({ memoryMiB: 3000 }), "orders has memoryMiB 3000: with cpu 256 Fargate has 512, 1024, 2048"],
  ["a route to a port that isn't there", orders({}, {}, { containerPort: 80, healthCheckPort: 8080 }), "orders's route goes to port 80 of orders, which has no such TCP port: the service has 8080"],
  ["a route to no container", orders({}, {}, { containerName: "web" }), 'orders\'s route goes to the container "web": the service has orders'],
  ["a health check to a port that isn't there", orders({}, {}, { healthCheckPort: 9 }), "orders's health check goes to port 9, which no container has: the service has 8080"],
  ["a route to a UDP port", orders({}, { ports: [{ name: "orders", containerPort: 8080, protocol: "udp" }] }), "orders's route goes to port 8080 of orders, which has no such TCP port: the service has 8080"],
  ["a service twice", orders({ name: "backend-authz", route: undefined }), 'the service name "backend-authz" is there twice in backend-authz: give each its own'],
  ["a port name twice", orders({}, { ports: [httpPort("authz", 8080)] }), 'the port name "authz" is there in backend-authz and in orders: give each its own'],
  ["a host twice", orders({}, {}, { hostLabel: "api" }), 'the host label "api" is there in backend-flask and in orders: give each its own'],
  ["a target group twice", orders({}, {}, { targetGroupName: "cruddur-backend-envoy-tg" }), 'the target group name "cruddur-backend-envoy-tg" is there in backend-flask and in orders: give each its own'],
  ["a long target group name", orders({}, {}, { targetGroupName: "a".repeat(33) }), "(33 characters): give at most 32 letters"],
  ["a long target group name from the service's", orders({ name: "a".repeat(30) }), `the target group name "${"a".repeat(30)}-tg" (33 characters)`],
  ["no name to AWS", orders({ name: "or.ders" }), "the service name \"or.ders\" isn't valid for ECS"],
  ["no repository to AWS", orders({}, { image: { repository: "Orders" } }), 'the repository "Orders"'],
  ["an unknown secret", orders({}, { secrets: ["CONECTION_URL"] }), 'orders\'s orders has the secret "CONECTION_URL": give one of AWS_COGNITO'],
  ["an own secret that is there", orders({ ownSecrets: ["CONNECTION_URL"] }), 'the own secret "CONNECTION_URL" is one that the stacks have'],
  ["a priority out of range", orders({}, {}, { priority: 0 }), "orders has priority 0: give a whole number from 1 to 50000"],
  ["no containers", orders({ containers: [] }), "orders has no containers: give it one"],
  ["a name that the app stack has", orders({ name: "task" }), 'the service name "task" is taken by another part of the app stack'],
  ["a host that the network stack has", orders({}, {}, { hostLabel: "cruddur" }), 'orders\'s route is called "cruddur", which another part of the network stack is'],
  ["a host that the certificate doesn't cover", orders({}, {}, { hostLabel: "a.b" }), 'orders has hostLabel "a.b": give one label'],
  ["a variable in environment and secrets", orders({}, { environment: () => ({ CONNECTION_URL: "x" }), secrets: ["CONNECTION_URL"] }), 'orders\'s orders gets the variable "CONNECTION_URL" twice'],
  ["a secret twice", orders({}, { secrets: ["CONNECTION_URL", "CONNECTION_URL"] }), 'orders\'s orders gets the variable "CONNECTION_URL" twice'],
  ["a published UDP port", orders({}, { ports: [httpPort("orders", 8080), { name: "stats", containerPort: 9, protocol: "udp", published: true }] }), 'orders\'s orders publishes the UDP port "stats"'],
  ["no image tag", orders({}, { image: { repository: "orders", tag: "a b" } }), 'the image tag "a b"'],
  ["no image digest", orders({}, { image: { repository: "orders", digest: "sha256:1" } }), 'the image digest "sha256:1"'],
  ["a build of another registry's image", orders({}, { image: { repository: "orders", registry: "ghcr.io", build: { context: "." } } }), 'orders\'s orders has an image of the registry "ghcr.io" with a build context'],
  ["a build of what is copied", orders({}, { image: { repository: "cruddur-python", build: { context: "." } } }), 'orders\'s orders has a build context for "cruddur-python", which holds a copy'],
  ["an empty build context", orders({}, { image: { repository: "orders", build: { context: "" } } }), 'orders\'s orders has build.context "": give a path'],
  ["an image built in two ways", orders({ containers: ["../a", "../b"].map((context, n) => ({ name: `c${n}`, image: { repository: "orders", build: { context } }, ports: n === 0 ? [httpPort("orders", 8080)] : [] })) }), 'the image "orders" is built from "../a" and "../b": give it one build context and Dockerfile'],
  ["a repository that is one with another to Terraform", orders({}, { image: { repository: "backend_flask", build: { context: "." } } }), 'the repositories "backend-flask" and "backend_flask" have one Terraform name, backend_flask'],
  ["eleven containers", orders({ containers: Array.from({ length: 11 }, (_, n) => ({ name: `c${n}`, image: { repository: "orders" }, ports: n === 0 ? [httpPort("orders", 8080)] : [] })) }), "orders has 11 containers: ECS takes at most 10 a task"],
  ["a path without slash", orders({}, {}, { healthCheckPath: "health" }), 'orders has healthCheckPath "health": give a path that begins with /'],
])("%s is refused, with service and value", (_what, service, sentence) => {
  expect(serviceProblems([...own, service]).join("\n")).toContain(sentence);
});

test("all problems are told at once", () => {
  const wrong = [...own, orders({ cpu: 300 }), orders({ name: "other", cpu: 300 })];
  expect(() => requireValid(wrong)).toThrow(/^Wrong services:\n {2}- orders has cpu 300.*\n {2}- other has cpu 300/s);
});

test("a container name twice in one task is refused", () => {
  const twice = orders({ containers: [...orders().containers, { ...orders().containers[0], ports: [] }] });
  expect(serviceProblems([...own, twice]).join("\n")).toContain(
    'the container name of orders "orders" is there twice in orders',
  );
});

test("the ids that are taken are those of the stacks' other parts", () => {
  const { app, network } = makeStacks();
  const snakeCase = ({ node }: typeof app | typeof network) =>
    node.children.map(({ node: child }) => child.id).filter((id) => /^[a-z]/.test(id));
  const services = own.map(({ name }) => underscored(name));
  const routes = own.flatMap(({ route }) => (route === undefined ? [] : [routeName(route)]));
  const others = (stack: typeof app | typeof network, known: readonly string[]) =>
    snakeCase(stack)
      .filter((id) => !known.includes(id))
      .sort();
  expect(others(app, services)).toEqual(takenIds.app);
  expect(others(network, routes)).toEqual(takenIds.network);
});
