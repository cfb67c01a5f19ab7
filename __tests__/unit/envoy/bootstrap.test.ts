import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { AuthzServer, type ServerOptions } from "../../../authz/src/server";
import { bootstrap, envoyYaml } from "../../../envoy/bootstrap";
import { requestPath } from "../../../envoy/options";
import { heapLimitBytes } from "../../../envoy/overload";
import { envoyVersion } from "../../../local/envoy/binary";
import { backendFlask } from "../../../services/backend-flask";
import { servicesOf } from "../../../services/index";
import { envoy as envoyContainer } from "../../../services/sidecars/envoy";
import { synth } from "../../../tools/testing";
import { project } from "../../support/project";

const settings = { authz: true, envoy: { denialStatus: 401 } } as const;
const paths = {
  ext_authz: requestPath({}, settings),
  jwt_authn: requestPath({ mode: "jwt_authn", pool: "eu-central-1_AbCdEf123", client: "abc" }, settings),
};

describe.each(Object.entries(paths))("%s", (mode, path) => {
  const { static_resources: resources, admin } = bootstrap(path);

  test("every cluster is looked up by IPv4 alone", () => {
    const families = resources.clusters.map(({ name, dns_lookup_family }) => [name, dns_lookup_family]);
    expect(families).toEqual([
      ["backend-flask", "V4_ONLY"],
      [mode === "ext_authz" ? "authz" : "cognito", "V4_ONLY"],
    ]);
  });

  test("the admin interface listens on the loopback interface", () => {
    expect(admin.address.socket_address).toEqual({ address: "127.0.0.1", port_value: 8001 });
  });

  test("the YAML is the same, and names no anchors", () => {
    const text = envoyYaml(path);
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(bootstrap(path))));
    expect(text).not.toMatch(/[&*]a\d/);
  });
});

test("Envoy goes where task definitions and Service Connect are", () => {
  const { app } = synth();
  const published = (service: string) => {
    const { service_connect_configuration: connect, load_balancer: targets } = app.resource(
      `aws_ecs_service.${service}`,
    );
    const [{ port_name, client_alias }] = connect.service;
    return { host: `${port_name}.cruddur`, port: client_alias.port, target: targets?.[0]?.container_port };
  };
  const { backend, verification, port, adminPort } = paths.ext_authz;
  const { target, ...endpoint } = published("backend_flask");
  expect(backend).toEqual(endpoint);
  expect(verification).toMatchObject({ authz: { host: "authz.cruddur", port: published("backend_authz").port } });
  expect(port).toBe(target);
  const definitions = app.resource("aws_ecs_task_definition.backend_flask").container_definitions as {
    name: string;
    healthCheck?: { command: string[] };
  }[];
  const check = definitions.find(({ name }) => name === "envoy")?.healthCheck?.command.join(" ");
  expect(check).toContain(`http://localhost:${adminPort}/server_info`);
});

test("without the authorizer there is no cluster of it, and no service", () => {
  expect(JSON.stringify(bootstrap(paths.jwt_authn))).not.toContain("8123");
  expect(servicesOf({ authz: false }).map(({ name }) => name)).not.toContain("backend-authz");
});

describe("Envoy's memory", () => {
  test("ends before the task's does, with room for the app and the sidecars", () => {
    const taskBytes = backendFlask.memoryMiB * 1024 * 1024;
    expect(backendFlask.containers).toContain(envoyContainer);
    expect(heapLimitBytes).toBeLessThanOrEqual(taskBytes / 2);
    expect(JSON.stringify(bootstrap(paths.ext_authz).overload_manager)).toContain(`:${heapLimitBytes}`);
  });
});

test("keys from Cognito come over TLS, from that host and no other", () => {
  const [, cognito] = bootstrap(paths.jwt_authn).static_resources.clusters;
  const host = "cognito-idp.eu-central-1.amazonaws.com";
  expect(JSON.stringify(cognito?.load_assignment)).toContain(`"address":"${host}","port_value":443`);
  expect(cognito?.transport_socket?.typed_config).toMatchObject({
    sni: host,
    common_tls_context: {
      validation_context: { match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }] },
    },
  });
});

describe("nobody meets a connection that the other side has just closed", () => {
  const idleSeconds = (text: string) => Number(/idle_timeout":"(\d+)s"/.exec(text)?.[1]);

  test("the load balancer closes first, after its 60 s", () => {
    const [listener] = bootstrap(paths.ext_authz).static_resources.listeners;
    expect(idleSeconds(JSON.stringify(listener))).toBeGreaterThan(60);
  });

  test("Envoy closes first towards the app (gunicorn: 2 s) and the authorizer", () => {
    const [app, authz] = bootstrap(paths.ext_authz).static_resources.clusters;
    expect(idleSeconds(JSON.stringify(app))).toBeLessThan(2);
    const { http } = new AuthzServer({} as ServerOptions);
    expect(idleSeconds(JSON.stringify(authz)) * 1000).toBeLessThan(http.keepAliveTimeout);
  });
});

test("the image has the Envoy that the suite runs", () => {
  expect(readFileSync(join(project, "envoy", "Dockerfile"), "utf8")).toContain(
    `FROM docker.io/envoyproxy/envoy:v${envoyVersion}\n`,
  );
});
