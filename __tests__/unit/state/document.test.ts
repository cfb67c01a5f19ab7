import { parseState, serializeState } from "../../../state/document";

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
    const written = serializeState(parseState(text, "it"));
    expect(written).toMatch(/"big": 12345678901234567890,\s+"one": 1\.0,/);
    expect(JSON.parse(written)).toEqual(JSON.parse(text));
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
