import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { controllers, serviceArguments, sourceOf } from "../../../../operations/explain/service-arguments";
import { project } from "../../../support/project";

/** AWS's own documentation of a request's parameters, which its SDK carries in comments. */
function documentedParameters(request: string): Map<string, string> {
  const folder = join(dirname(require.resolve("@aws-sdk/client-ecs/package.json")), "dist-types", "models");
  const models = ["models_0.d.ts", "models_1.d.ts"].map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  const [, body = ""] = new RegExp(`export interface ${request} \\{\n(.*?)\n\\}`, "s").exec(models) ?? [];
  const parameters = [...body.matchAll(/\/\*\*(.*?)\*\/\s*(\w+)\??:/gs)];
  return new Map(parameters.map(([, comment = "", name = ""]) => [name, comment]));
}

const documented = documentedParameters("UpdateServiceRequest");
const entries = Object.entries(serviceArguments);

test("AWS says the same of each parameter", () => {
  expect(documented.size).toBeGreaterThan(20);
  const said = entries.flatMap(([name, { parameter = "", effect }]) => {
    const comment = documented.get(parameter);
    const triggers = comment?.includes("This parameter triggers a new service deployment");
    const triggersNone = comment?.includes("This parameter doesn't trigger a new service deployment");
    return triggers || triggersNone ? [[name, effect, triggers ? "new tasks" : "none"]] : [];
  });
  expect(said.length).toBeGreaterThan(18);
  expect(said.filter(([, ours, theirs]) => ours !== theirs)).toEqual([]);
  // Of these two AWS says neither.
  const silent = entries.filter(([name, { parameter }]) => parameter && !said.some(([one]) => one === name));
  expect(silent.map(([name]) => name)).toEqual(["deployment_controller", "force_new_deployment"]);
});

test("every parameter is one of UpdateService", () => {
  const ours = new Set(entries.flatMap(([, { parameter }]) => parameter ?? []));
  expect([...ours].filter((name) => !documented.has(name))).toEqual([]);
  for (const { takes } of Object.values(controllers)) expect(takes.filter((name) => !documented.has(name))).toEqual([]);
  // What nobody can set by the provider.
  const others = [...documented.keys()].filter((name) => !ours.has(name));
  expect(others.sort()).toEqual(["cluster", "gatewayConnectors", "monitoring", "service"]);
});

test("every argument of the provider is there", () => {
  const file = join(dirname(require.resolve("@cdktf/provider-aws/package.json")), "lib", "ecs-service", "index.d.ts");
  const [, config = ""] = /interface EcsServiceConfig .*?\{(.*?)\n\}/s.exec(readFileSync(file, "utf8")) ?? [];
  const names = [...config.matchAll(/readonly (\w+)\??:/g)].map(([, name = ""]) =>
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => name !== "id" && !(name in serviceArguments))).toEqual([]);
});

test("the documentation shows the table as it is", () => {
  const words = {
    "new tasks": "new tasks",
    none: "tasks go on",
    terraform: "AWS isn't asked",
    replacement: "replaces the service",
  };
  const rows = entries.map(([name, { effect, text }]) => {
    return `| \`${name}\` | ${words[effect]} | ${text} | ${effect === "replacement" ? "" : `[source](${sourceOf(name)})`} |`;
  });
  const page = readFileSync(join(project, "docs/ecs-updates.md"), "utf8").split("\n");
  expect(page.filter((line) => line.startsWith("| `")).map((line) => line.replace(/ +/g, " "))).toEqual(
    rows.map((row) => row.replace(/ +/g, " ")),
  );
});
