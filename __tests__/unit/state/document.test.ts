import { parseState, serializeState, textAttribute } from "../../../state/document";

const state = (change: object = {}) =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.3.9",
    serial: 3,
    lineage: "l",
    outputs: {},
    resources: [],
    ...change,
  });

describe("a state's text", () => {
  test("keeps every digit and every character", () => {
    const text = `{"version":4,"terraform_version":"1.3.9","serial":7,"lineage":"l","outputs":{},"resources":[{"mode":"managed","type":"t","name":"n","provider":"p","instances":[{"attributes":{"big":12345678901234567890,"one":1.0,"text":"a<b>&\\u00e9"}}]}]}`;
    const written = serializeState(parseState(text, "it")).toString();
    expect(written).toContain('"big":12345678901234567890,"one":1.0,"text":"a<b>&\\u00e9"');
    expect(JSON.parse(written)).toEqual(JSON.parse(text));
  });

  test("keeps what it doesn't understand, of the state, a resource and an instance", () => {
    const resource = { mode: "data", type: "t", name: "n", provider: "p", each: "list", instances: [{ extra: [1] }] };
    const text = state({
      resources: [resource, { ...resource, module: "module.m", instances: [] }],
      check_results: [{}],
    });
    expect(JSON.parse(serializeState(parseState(text, "it")).toString())).toEqual(JSON.parse(text));
    expect(JSON.parse(serializeState(parseState(state(), "it")).toString())).toEqual(JSON.parse(state()));
  });

  test("names providers as today's Terraform does, and says which it has renamed", () => {
    const instances = [{ attributes: { id: "provider.aws" } }];
    const of = (provider: string) => ({ mode: "managed", type: "t", name: "n", provider, instances });
    const parsed = parseState(state({ resources: [of("provider.aws.west"), of("provider.aws")] }), "it");
    expect(parsed.renamed).toEqual(["provider.aws", "provider.aws.west"]);
    const written = JSON.parse(serializeState(parsed).toString());
    expect(written.resources.map(({ provider }: { provider: string }) => provider)).toEqual([
      'provider["registry.terraform.io/hashicorp/aws"].west',
      'provider["registry.terraform.io/hashicorp/aws"]',
    ]);
    expect(written).not.toHaveProperty("renamed");
    expect(written.resources[0].instances).toEqual(instances);
  });

  test("its text attributes are found in the nested and in the flat form", () => {
    const instances = [
      { attributes: { arn: "a\n" } },
      { attributes_flat: { arn: "b" } },
      { attributes: { arn: 1 } },
      {},
    ];
    const resource = { mode: "managed", type: "t", name: "n", provider: "p", instances };
    const [parsed] = parseState(state({ resources: [resource] }), "it").resources;
    expect(parsed?.instances.map((one) => textAttribute(one, "arn"))).toEqual(["a\n", "b", undefined, undefined]);
  });

  const secret = "hunter2-secret";
  test.each([
    ["nothing", " \n", /is empty/],
    ["truncated", state({ lineage: secret }).slice(0, -9), /breaks off or is damaged/],
    ["no JSON", `\u0000${secret}`, /not JSON; it may be encrypted/],
    ["a list", `["${secret}"]`, /no JSON object/],
    ["encrypted by OpenTofu", JSON.stringify({ serial: 1, lineage: "l", encrypted_data: secret }), /is encrypted/],
    ["encrypted by sops", JSON.stringify({ version: "ENC", sops: { key: secret } }), /is encrypted/],
    ["terraform show -json", JSON.stringify({ format_version: "1.0", values: secret }), /terraform show -json/],
    ["no version", JSON.stringify({ serial: 1, secret }), /not a Terraform state/],
    ["a newer format", state({ version: 5, lineage: secret }), /version 5.*newer/],
    ["an older format", state({ version: 3, lineage: secret }), /old state format version 3/],
    ["no lineage", state({ lineage: null, other: secret }), /damaged.*lineage/],
    ["a resource without instances", state({ resources: [{ mode: "managed", type: secret }] }), /resource 0 lacks/],
  ])("%s is refused in one sentence without its content", (_what, text, sentence) => {
    expect(() => parseState(text, "The file x")).toThrow(sentence);
    try {
      parseState(text, "The file x");
    } catch (error) {
      expect((error as Error).name).toBe("UserError");
      expect((error as Error).message).toMatch(/^The file x .*\.$/);
      expect((error as Error).message).not.toContain(secret);
    }
  });
});

test.each([
  ["a byte order mark", Buffer.from("\uFEFF{}")],
  ["UTF-16", Buffer.from("\uFEFF{}", "utf16le")],
  ["UTF-16 without a mark", Buffer.from("{}", "utf16le")],
  ["UTF-16 of the other order", Buffer.from("{}", "utf16le").swap16()],
])("a state with %s is told as that, and not as encrypted", (_what, bytes) => {
  expect(() => parseState(bytes, "The state")).toThrow("save it as UTF-8 without one");
});
