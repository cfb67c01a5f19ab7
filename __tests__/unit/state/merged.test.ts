import { parseState, textAttribute } from "../../../state/document";
import { mergedState } from "../../../state/merged";
import { AddressOwners } from "../../../state/split-state";

const claim = (stack: string, address: string, kind: "managed" | "data" = "managed") =>
  ({ stack, kind, address, constructPath: address }) as never;

const resource = (
  mode: "managed" | "data",
  name: string,
  at: string,
  keys: readonly (string | undefined)[] = [undefined],
) => ({
  mode,
  type: "aws_x",
  name,
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances: keys.map((index_key) => ({ ...(index_key !== undefined && { index_key }), attributes: { at } })),
});

const state = (...resources: ReturnType<typeof resource>[]) =>
  parseState(
    JSON.stringify({ version: 4, terraform_version: "1.11.4", serial: 1, lineage: "l", outputs: {}, resources }),
    "it",
  );

const owners = new AddressOwners([
  claim("network", "aws_x.net"),
  claim("app", "aws_x.app"),
  claim("network", "data.aws_x.region", "data"),
  claim("app", "data.aws_x.region", "data"),
]);

test("what lies in both states is there once, as its owner's state has it", () => {
  const network = state(resource("data", "region", "network"), resource("managed", "net", "network", ["a"]));
  const app = state(
    resource("data", "region", "app"),
    resource("managed", "app", "app"),
    resource("managed", "net", "app", ["a", "b"]),
  );
  const found = mergedState({ network, app }, owners).resources.flatMap(({ mode, name, instances }) =>
    instances.map((instance) => [mode, name, instance.index_key, textAttribute(instance, "at")]),
  );
  expect(found).toEqual([
    ["managed", "net", "a", "network"],
    ["data", "region", undefined, "app"],
    ["managed", "app", undefined, "app"],
    ["managed", "net", "b", "app"],
  ]);
});

test("an old state stays what it is, and no state is an empty one", () => {
  const old = state(resource("managed", "net", "old"), resource("managed", "stray", "old"));
  expect(mergedState({ old }, owners)).toEqual(old);
  expect(mergedState({}, owners)).toMatchObject({ resources: [], serial: 0 });
});
