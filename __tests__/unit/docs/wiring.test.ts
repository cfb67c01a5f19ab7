/**
 * The table of variables in docs/wiring.md, against the task definitions: both ways, with each choice of the settings. And that
 * of the frontend's build arguments.
 */
import { servicesOf } from "../../../services";
import { backendTraceRoutes } from "../../../services/backend-flask";
import type { Container, ServiceDefinition } from "../../../services/definition";
import { frontendBuildArguments } from "../../../services/frontend-build";
import { honeycombEndpoints } from "../../../services/names";
import { synth } from "../../../tools/testing";
import { documentedRows } from "../../support/documented-tables";

const rows = documentedRows("Variables of the containers", "wiring.md");

const choices = [true, false].flatMap((authz) =>
  backendTraceRoutes.flatMap((backendTraces) =>
    (Object.keys(honeycombEndpoints) as (keyof typeof honeycombEndpoints)[]).map((region) => ({
      authz,
      backendTraces,
      honeycomb: { region },
    })),
  ),
);
type Choice = (typeof choices)[number];

/** `backendTraces xray, honeycomb.region us`; nothing is always. */
function holds(settings: string, { authz, backendTraces, honeycomb }: Choice): boolean {
  const chosen = [`authz ${authz}`, `backendTraces ${backendTraces}`, `honeycomb.region ${honeycomb.region}`];
  const wanted = settings === "" ? [] : settings.split(", ");
  const known = /^(authz (true|false)|backendTraces (xray|collector)|honeycomb\.region (us|eu))$/;
  for (const setting of wanted) expect(setting).toMatch(known);
  return wanted.every((setting) => chosen.includes(setting));
}

/** Where the parameters' values come from, in the table's words: `cognito_user_pool_id`. */
const { secret_values: secretValues } = synth().app.json.locals as { secret_values: Record<string, string> };
const secretSource = (name: string) =>
  (secretValues[name] ?? "").replace(/^(.+)\$\{var\./, "$1 and ${var.").replace(/\$\{var\.(\w+)\}/, "$1");

function variablesOf({ name, environment, secrets = [] }: Container): string[] {
  const values = environment?.({ domain: "DOMAIN", region: "REGION" }) ?? {};
  return [
    ...Object.entries(values).map(([variable, value]) => [name, variable, "environment", value].join(" | ")),
    ...secrets.map((secret) => [name, secret, "secret", secretSource(secret)].join(" | ")),
  ];
}

const given = (services: readonly ServiceDefinition[]) =>
  services.flatMap(({ containers }) => containers.flatMap(variablesOf)).sort();

test.each(choices)("with %j the table names every variable, and no other", (choice) => {
  const documented = rows
    .filter(([, , , , settings = ""]) => holds(settings, choice))
    .map(([container, variable, kind, value]) => [container, variable, kind, value].join(" | "));
  expect(documented.sort()).toEqual(given(servicesOf(choice)));
});

test("the synthesized task definitions give no more and no less", () => {
  const { app } = synth();
  const names = app
    .managed()
    .filter((address) => address.startsWith("aws_ecs_task_definition."))
    .flatMap((address) => app.resource(address).container_definitions as Record<string, never>[])
    .flatMap(({ name, environment = [], secrets = [] }) =>
      [...(environment as { name: string }[]), ...(secrets as { name: string }[])].map(
        (each) => `${name} ${each.name}`,
      ),
    );
  const byDefault = { authz: true, backendTraces: "xray", honeycomb: { region: "us" } } as const;
  const documented = rows.filter(([, , , , settings = ""]) => holds(settings, byDefault));
  expect(documented.map(([container, variable]) => `${container} ${variable}`).sort()).toEqual(names.sort());
});

test("each row says who reads it", () => {
  for (const row of rows) expect([row.length, row.at(-1)]).toEqual([6, expect.stringMatching(/\w/)]);
});

test("the frontend's build arguments are those without which its image is not built", () => {
  const build = {
    domain: "DOMAIN",
    region: "REGION",
    userPoolId: "the output user_pool_id",
    userPoolClientId: "the output user_pool_client_id",
  };
  const documented = documentedRows("Build arguments of the frontend", "wiring.md");
  expect(documented.map(([name, value]) => [name, value])).toEqual(
    frontendBuildArguments.map(({ name, value }) => [name, value(build)]),
  );
});
