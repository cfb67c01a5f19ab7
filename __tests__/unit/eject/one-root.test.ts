import { oneRoot } from "../../../eject/one-root";

const stack = (json: object) => json as Readonly<Record<string, unknown>>;

const network = stack({
  terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } }, backend: { local: { path: "n" } } },
  provider: { aws: [{ region: "a" }] },
  variable: {
    domain: { type: "string" },
    secret: { type: "string", sensitive: true, default: null },
    other: { type: "string", default: null },
  },
  data: { aws_vpc: { default: { "//": { metadata: { path: "network/Vpc" } }, default: true } }, aws_region: { r: {} } },
  locals: { names: ["n"], same: 1 },
  resource: { aws_lb: { main: { vpc: "${data.aws_vpc.default.id}" } } },
  output: {
    id: { value: "${aws_lb.main.id}" },
    host: { value: "api.${var.domain}" },
    byName: { value: { "a-b": "${aws_lb.main.arn}", c: "${upper(var.domain)}" } },
    loop: { value: "${[for k in aws_lb.main : k]}" },
  },
});

const app = stack({
  terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } }, backend: { local: { path: "a" } } },
  provider: { aws: [{ region: "a" }, { alias: "east" }] },
  variable: {
    domain: { type: "string", default: null },
    secret: { type: "string" },
    other: { type: "string", default: null },
  },
  data: {
    aws_vpc: { default: { "//": { metadata: { path: "app/Vpc" } }, default: true } },
    aws_region: { r: { name: "x" } },
    terraform_remote_state: { network: { backend: "local" }, foreign: { backend: "local" } },
  },
  locals: { names: ["a"], same: 1 },
  resource: {
    aws_ecs_service: {
      one: {
        id: "${data.terraform_remote_state.network.outputs.id}",
        host: "${upper(data.terraform_remote_state.network.outputs.host)}",
        arn: '${data.terraform_remote_state.network.outputs.byName["a-b"]}',
        upper: '${data.terraform_remote_state.network.outputs.byName["c"]}',
        loop: "${data.terraform_remote_state.network.outputs.loop[0]}",
        all: '${jsonencode({"x":data.terraform_remote_state.network.outputs.byName})}',
        text: "data.terraform_remote_state.network.outputs.id",
        foreign: "${data.terraform_remote_state.foreign.outputs.id}",
        region: "${data.aws_region.r.id}-${local.names[0]}-${local.same}",
        depends_on: ["data.aws_region.r"],
      },
    },
  },
  output: { id: { value: "other" } },
});

const merged = () =>
  oneRoot([
    { id: "network", json: network },
    { id: "app", json: app },
  ]) as Record<string, Record<string, Record<string, never>>>;

test("reads of another stack's outputs become what the outputs are", () => {
  expect(merged().resource?.aws_ecs_service).toEqual({
    one: {
      id: "${aws_lb.main.id}",
      host: '${upper("api.${var.domain}")}',
      arn: "${aws_lb.main.arn}",
      upper: '${local.byName["c"]}',
      loop: "${local.loop[0]}",
      all: '${jsonencode({"x":local.byName})}',
      text: "data.terraform_remote_state.network.outputs.id",
      foreign: "${data.terraform_remote_state.foreign.outputs.id}",
      region: "${data.aws_region.r_app.id}-${local.names_app[0]}-${local.same}",
      depends_on: ["data.aws_region.r_app"],
    },
  });
});

test("what is the same becomes one, and what only has the same name gets another one", () => {
  const { data, locals, output, variable, provider, terraform } = merged();
  expect(data).toEqual({
    aws_vpc: { default: { "//": { metadata: { path: "network/Vpc, app/Vpc" } }, default: true } },
    aws_region: { r: {}, r_app: { name: "x" } },
    terraform_remote_state: { foreign: { backend: "local" } },
  });
  expect(locals).toMatchObject({ names: ["n"], names_app: ["a"], same: 1 });
  expect(Object.keys(output ?? {})).toEqual(["id", "host", "byName", "loop", "id_app"]);
  expect(variable).toEqual({
    domain: { type: "string" },
    secret: { type: "string", sensitive: true },
    other: { type: "string", default: null },
  });
  expect(provider).toEqual({ aws: [{ region: "a" }, { alias: "east" }] });
  expect(terraform).toMatchObject({
    backend: { local: { path: "a" } },
    required_providers: { aws: { version: "5.100.0" } },
  });
});

test.each([
  ["one resource in both", { resource: { aws_lb: { main: {} } } }, "both have the resource main"],
  ["one module in both", { module: { m: {} } }, "both have the module m"],
  ["different providers", { provider: { aws: [{ region: "b" }] } }, "they configure the provider aws differently"],
  [
    "different sources",
    { terraform: { required_providers: { aws: { source: "x/aws" } } } },
    "they take the provider aws from different sources",
  ],
  ["different defaults", { variable: { other: { default: "x" } } }, "they declare the variable other with different"],
  [
    "an output that isn't there",
    { locals: { x: "${data.terraform_remote_state.network.outputs.gone}" } },
    "A stack reads the output gone of network, which has none of this name.",
  ],
])("%s can't be one root", (_what, json, message) => {
  const withModule = stack({ ...network, module: { m: {} } });
  const stacks = [
    { id: "network", json: withModule },
    { id: "app", json: stack(json) },
  ];
  expect(() => oneRoot(stacks)).toThrow(message);
});
