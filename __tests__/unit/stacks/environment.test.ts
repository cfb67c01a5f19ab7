/** Both stacks of an environment beside the default one: the same addresses, under names that can be there together. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { synthesizeStacks } from "../../../stacks/synthesize";
import { defaultSettings, type SynthesizedStacks, synth } from "../../../tools/testing";

const everything = {
  alarms: { enabled: true, emails: ["team@example.com"] },
  autoscaling: { "backend-flask": { min: 1, max: 2, cpuPercent: 60 } },
};
const byDefault = synth({ settings: everything });
const staging = synth({ settings: { ...everything, environment: "staging" } });

const managed = ({ network, app }: SynthesizedStacks) => [...network.managed(), ...app.managed()];

test("the addresses are the same, but for the VPC's own security group, of which there is one", () => {
  expect(managed(staging)).toEqual(
    managed(byDefault).filter((address) => address !== "aws_default_security_group.default"),
  );
});

/** Arguments by which AWS tells resources apart, and types for which they need to be unique only in another resource. */
const naming = ["name", "identifier", "family", "rule_name", "group_name", "alarm_name", "statement_id"];
const within = ["aws_ecs_service", "aws_cognito_user_pool_client", "aws_appautoscaling_policy"];

test("no resource has a name of the default environment", () => {
  const same = managed(staging).flatMap((address) => {
    const [own, other] = [staging.resource(address), byDefault.resource(address)];
    return naming.flatMap((name) =>
      own[name] !== undefined && own[name] === other[name] ? [`${address} ${name}`] : [],
    );
  });
  expect(same.filter((one) => !within.some((type) => one.startsWith(`${type}.`)))).toEqual([
    // By the certificate's options, which are those of the environment's own hosts.
    "aws_route53_record.cruddur name",
  ]);
});

/** Every text within, with the place where it stands. */
function texts(value: unknown, place = ""): [place: string, text: string][] {
  if (typeof value === "string") {
    try {
      const inner = JSON.parse(value);
      if (typeof inner === "object" && inner !== null) return texts(inner, place);
    } catch {
      // No document.
    }
    return [[place, value]];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, `${place}.${name}`));
}

test("what is called Cruddur in both is unique in what is the environment's, or text for people", () => {
  const ofDefault = new Map(managed(byDefault).flatMap((address) => texts(byDefault.resource(address), address)));
  const same = managed(staging)
    .flatMap((address) => texts(staging.resource(address), address))
    .filter(([place, text]) => ofDefault.get(place) === text)
    // References to other resources of the same state aside.
    .map(([place, text]) => [place, text.replaceAll(/\$\{[^}]*\}/g, "")] as const)
    .filter(([place, text]) => /cruddur/i.test(text) && !/\.description$/.test(place))
    .map(([place, text]) => `${place}: ${text}`);
  expect(same).toEqual([
    "aws_cognito_user_pool_client.cruddur.name: cruddur-client",
    "aws_db_instance.cruddur.db_name: cruddur",
  ]);
});

test("Service Connect publishes the names that images know, in a namespace of the environment's own", () => {
  const { service, namespace } = staging.resource("aws_ecs_service.backend_authz").service_connect_configuration;
  expect(service).toEqual([
    { port_name: "authz", discovery_name: "authz", client_alias: { port: 8123, dns_name: "authz.cruddur" } },
  ]);
  expect(namespace).toBe("${aws_service_discovery_http_namespace.cruddur.arn}");
  expect(staging.resource("aws_service_discovery_http_namespace.cruddur").name).toBe("staging-cruddur");
});

test("the backend is told what it is called there, the images are those of the environment's repositories", () => {
  const [backend] = staging.resource("aws_ecs_task_definition.backend_flask").container_definitions;
  const variables = Object.fromEntries(
    backend.environment.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  expect(variables).toMatchObject({
    DDB_MESSAGE_TABLE: "staging-cruddur-messages",
    AWS_XRAY_TRACING_NAME: "staging-cruddur-backend-flask",
    OTEL_SERVICE_NAME: "staging-cruddur-backend-flask",
    FRONTEND_URL: "https://staging.${var.cruddur_dns_name}",
    BACKEND_URL: "https://api.staging.${var.cruddur_dns_name}",
  });
  expect(backend.image).toMatch(/\.amazonaws\.com\/staging\/backend-flask$/);
  expect(staging.resource("aws_ecr_repository.repo").name).toBe("staging/${each.value}");
});

test("hosts and certificate are below the environment's name, in the zone of the domain", () => {
  const domain = "staging.${var.cruddur_dns_name}";
  expect(staging.resource("aws_acm_certificate.cruddur")).toMatchObject({
    domain_name: domain,
    subject_alternative_names: [`*.${domain}`],
  });
  expect(staging.resource("aws_route53_record.app").name).toBe(domain);
  expect(staging.resource("aws_route53_record.api").name).toBe(`api.${domain}`);
  expect(staging.network.resource("data.aws_route53_zone.cruddur_route53_zone").name).toBe("${var.cruddur_dns_name}");
});

test("the functions are the environment's own, unless the settings name them", () => {
  const name = ({ app }: SynthesizedStacks) => app.resource("data.aws_lambda_function.message_stream").function_name;
  expect(name(staging)).toBe("staging-MessageStream");
  expect(name(synth({ settings: { environment: "staging", lambdaFunctions: { messageStream: "Shared" } } }))).toBe(
    "Shared",
  );
});

describe("states", () => {
  const backendOf = (backend: object, environment?: string) => {
    const { network, app } = synth({ settings: { environment, backend } });
    const [state] = Object.values(app.json.data.terraform_remote_state as object);
    return [network.json.terraform.backend, app.json.terraform.backend, state.config];
  };

  test("local ones are files of their own", () => {
    const directory = "/states";
    expect(backendOf({ directory }, "staging")).toEqual([
      { local: { path: "/states/terraform.staging.network.tfstate" } },
      { local: { path: "/states/terraform.staging.app.tfstate" } },
      expect.objectContaining({ path: "/states/terraform.staging.network.tfstate" }),
    ]);
  });

  test("in S3 they have keys of their own, and with these their locks, whatever the settings say", () => {
    const given = { type: "s3", bucket: "states", keys: { app: "02-app/terraform.tfstate" } };
    const keys = backendOf(given, "staging").map((one) => (one.s3 ?? one).key);
    expect(keys).toEqual([
      "staging/cruddur/network.tfstate",
      "staging/02-app/terraform.tfstate",
      "staging/cruddur/network.tfstate",
    ]);
  });
});

describe("the output folder", () => {
  const given = process.env.CDKTF_OUTDIR;
  const folder = mkdtempSync(join(tmpdir(), "environment-"));
  afterEach(() => {
    if (given === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = given;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("cdktf-cli doesn't get an environment into the folder of the default one", () => {
    process.env.CDKTF_OUTDIR = join(project, "cdktf.out");
    expect(() => synthesizeStacks(project, defaultSettings({ environment: "staging" }))).toThrow(
      "The environment \"staging\" doesn't go into cdktf.out, which is the default environment's: give cdktf --output cdktf.out/staging.",
    );
  });

  test("another one that is named is taken", () => {
    process.env.CDKTF_OUTDIR = join(folder, "out");
    const stacks = synthesizeStacks(project, defaultSettings({ environment: "staging" }));
    expect(stacks.map((stack) => stack.folder)).toEqual(
      ["network", "app"].map((id) => join(folder, "out", "stacks", id)),
    );
  });
});
