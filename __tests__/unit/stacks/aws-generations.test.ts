/**
 * What the stacks use of the AWS provider, held against the bindings of both its generations. `node tools/run.mjs
 * tools/aws-facts.ts` renews the facts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { type AwsFacts, awsFacts, type TypeFacts } from "../../../tools/testing/aws-facts";
import { awsUses, type Use } from "../../../tools/testing/aws-usage";
import { awsVariants } from "../../../tools/testing/aws-variants";

const [five, six] = ["5", "6"].map(
  (generation): AwsFacts =>
    JSON.parse(readFileSync(join(project, "__tests__", "fixtures", "aws-provider", `${generation}.json`), "utf8")),
) as [AwsFacts, AwsFacts];

/** Deprecated in version 6: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade */
const deprecated = new Set([
  "data.aws_region name",
  "aws_dynamodb_table global_secondary_index.hash_key",
  "aws_dynamodb_table global_secondary_index.range_key",
]);

const named = ({ type, path }: Use) => `${type} ${path}`;
const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a fact says against how something is used. */
function objection({ value }: Use, fact: string | undefined): string | undefined {
  if (fact === undefined) return "is unknown";
  // Arguments that are set as a whole are null where they are absent.
  if (value === undefined || value === null) return undefined;
  const [word = "", kind] = fact.split(" ");
  if (word === "attribute") return "can't be set";
  if (typeof value === "string" && value.startsWith("${")) return undefined;
  if (fact.includes("block ")) {
    return (Array.isArray(value) ? value : [value]).every(isObject) ? undefined : "is a block";
  }
  if (kind === "map") return isObject(value) ? undefined : "is a map";
  if (kind === "list" || kind === "set") return Array.isArray(value) ? undefined : `is a ${kind}`;
  return typeof value === kind ? undefined : `is a ${kind}`;
}

/** Arguments and blocks that a block must have and hasn't. */
function missing({ type, path, value }: Use, facts: TypeFacts): string[] {
  const prefix = path === "" ? "" : `${path}.`;
  const required = Object.keys(facts).filter(
    (one) => one.startsWith(prefix) && !one.slice(prefix.length).includes(".") && facts[one]?.startsWith("required "),
  );
  return (Array.isArray(value) ? value : [value])
    .filter(isObject)
    .flatMap((block) =>
      required.filter((one) => !(one.slice(prefix.length) in block)).map((one) => `${type} ${one} is missing`),
    );
}

function objections(json: unknown, { types }: AwsFacts): string[] {
  const uses = awsUses(json, types);
  const wrong = uses.flatMap((use) => {
    const said = objection(use, types[use.type]?.[use.path]);
    return said === undefined ? [] : [`${named(use)} ${said} (${use.where})`];
  });
  const blocks = uses.filter(({ type, path }) => types[type]?.[path]?.includes("block "));
  const { resource, data } = json as Record<"resource" | "data", Record<string, Record<string, object>>>;
  const tops = [
    ...Object.entries(resource),
    ...Object.entries(data).map(([type, byName]) => [`data.${type}`, byName] as const),
  ]
    .filter(([type]) => type in types)
    .flatMap(([type, byName]) => Object.values(byName).map((value) => ({ type, path: "", where: type, value })));
  const lacking = [...blocks, ...tops].flatMap((use) => missing(use, types[use.type] ?? {}));
  return [...new Set([...wrong, ...lacking])].sort();
}

describe("the facts", () => {
  test("of version 5 are those of the bindings that the stacks use", () => {
    const bindings = join(project, "node_modules", "@cdktf", "provider-aws");
    expect(five).toEqual(awsFacts(bindings, Object.keys(five.types)));
    expect(five.provider).toBe("5.100.0");
  });

  test("of version 6 are of the same types", () => {
    expect(six.provider).toMatch(/^6\.\d+\.\d+$/);
    expect(Object.keys(six.types)).toEqual(Object.keys(five.types));
    // A sample of each kind of fact, so that a reader of bindings that finds nothing is noticed.
    expect(six.types.aws_dynamodb_table).toMatchObject({
      arn: "attribute string",
      name: "required string",
      attribute: "block set",
      "attribute.type": "required string",
      "global_secondary_index.key_schema": "block list",
      "global_secondary_index.hash_key": "argument string",
      tags: "argument map",
    });
    expect(six.types["data.aws_region"]).toMatchObject({ region: "argument string" });
    expect(five.types["data.aws_region"]).not.toHaveProperty("region");
  });
});

describe("every argument, block and attribute in use", () => {
  const asFive = awsVariants("5.100.0");
  const asSix = awsVariants("6.66.0");

  test("is found: hundreds of some thirty types", () => {
    const uses = asFive.flatMap((json) => awsUses(json, five.types));
    expect(new Set(uses.map(named)).size).toBeGreaterThan(250);
    expect(new Set(uses.map(({ type }) => type))).toEqual(new Set(Object.keys(five.types)));
    expect(new Set(uses.map(named))).toEqual(
      new Set([
        ...uses.map(named),
        "aws_acm_certificate domain_validation_options.resource_record_value",
        "data.aws_region name",
      ]),
    );
  });

  test("of the stacks for version 5 is in both, with the same shape", () => {
    for (const json of asFive) {
      expect(objections(json, five)).toEqual([]);
      expect(objections(json, six)).toEqual([]);
    }
  });

  test("of the stacks for version 6 is in it, and none is deprecated", () => {
    for (const json of asSix) {
      expect(objections(json, six)).toEqual([]);
      expect(awsUses(json, six.types).filter((use) => deprecated.has(named(use)))).toEqual([]);
    }
    const onlySix = new Set(asSix.flatMap((json) => objections(json, five)));
    expect([...onlySix].map((line) => line.replace(/ \(.*/, "")).sort()).toEqual([
      "aws_dynamodb_table global_secondary_index.hash_key is missing",
      "aws_dynamodb_table global_secondary_index.key_schema is unknown",
      "aws_dynamodb_table global_secondary_index.key_schema.attribute_name is unknown",
      "aws_dynamodb_table global_secondary_index.key_schema.key_type is unknown",
      "data.aws_region region is unknown",
    ]);
  });

  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, to be broken.
  test.each<[string, (json: any) => void, string]>([
    [
      "an unknown argument",
      ({ resource }) => (resource.aws_vpc_endpoint.dynamodb.nmae = "x"),
      "aws_vpc_endpoint nmae is unknown",
    ],
    [
      "an argument that can't be set",
      ({ resource }) => (resource.aws_lb.cruddur_backend_lb.dns_name = "x"),
      "aws_lb dns_name can't be set",
    ],
    [
      "a block in the place of a text",
      ({ resource }) => (resource.aws_lb.cruddur_backend_lb.name = {}),
      "aws_lb name is a string",
    ],
    [
      "a missing argument",
      ({ resource }) => delete resource.aws_route53_record.cruddur.type,
      "aws_route53_record type is missing",
    ],
    [
      "an unknown attribute",
      ({ output }) => (output.certificate_arn.value = "${aws_lb.x[0].arm}"),
      "aws_lb arm is unknown",
    ],
    [
      "an argument of an inner block",
      ({ resource }) => (resource.aws_lb_listener.main.default_action[0].typ = "x"),
      "aws_lb_listener default_action.typ is unknown",
    ],
  ])("would be noticed: %s", (_, change, said) => {
    const json = structuredClone(asFive[0]);
    change(json);
    expect(objections(json, five).map((line) => line.replace(/ \(.*/, ""))).toEqual([said]);
  });
});
