/** Mutants of a state: each is refused in a sentence without its values, or split and joined without a loss. */

import { project } from "../../../lib/project";
import { claimsOf } from "../../../stacks/register";
import { parseState, serializeState } from "../../../state/document";
import { inventory, inventoryDifference } from "../../../state/inventory";
import { AddressOwners, splitState } from "../../../state/split-state";
import { defaultSettings } from "../../../tools/testing";
import { type Json, mutate } from "../../support/mutants";
import { Random } from "../../support/random";

const [seed, mutants] = [20_251_201, 1_000];
const secret = "fixture-Passw0rd";
const owners = new AddressOwners(claimsOf(project, defaultSettings()));

const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
const resource = (type: string, name: string, instances: Json[], more: Record<string, Json> = {}): Json => ({
  mode: "managed",
  type,
  name,
  provider,
  instances,
  ...more,
});

const original: Json = {
  version: 4,
  terraform_version: "1.11.4",
  serial: 12_345_678_901_234,
  lineage: "0b6c3c4e-8e4f-4f1e-a7b1-6d1f3d1f0a11",
  outputs: { endpoint: { value: "db.example.com", type: "string", sensitive: true } },
  resources: [
    resource("aws_db_instance", "cruddur", [
      {
        schema_version: 2,
        attributes: { id: "cruddur-db-instance", password: secret, port: 5432, tags: { a: "b" } },
        sensitive_attributes: [[{ type: "get_attr", value: "password" }]],
        private: "eyJ4Ijox",
        dependencies: ["data.aws_vpc.default"],
      },
      { deposed: "1a2b3c4d", schema_version: 2, attributes: { id: "old", password: secret } },
    ]),
    resource("aws_ecr_repository", "repo", [
      { index_key: "envoy", schema_version: 0, attributes: { id: "envoy" } },
      { index_key: "authz", schema_version: 0, attributes: { id: "authz" } },
    ]),
    resource("aws_lb", "cruddur_backend_lb", [{ schema_version: 0, attributes: { id: "lb", status: null } }]),
    resource("aws_lb", "cruddur_backend_lb", [{ index_key: 0, attributes: { id: "x" } }], {
      module: "module.other[0]",
    }),
    resource("aws_vpc", "default", [{ schema_version: 1, attributes: { id: "vpc-1" } }], { mode: "data" }),
  ],
  check_results: null,
};

/** @returns the sentence of a refusal; empty where it was split */
function outcome(bytes: Buffer): string {
  try {
    const whole = parseState(bytes, "terraform.tfstate");
    const { network, app } = splitState(whole, owners);
    const parts = [network, app].map((part) => parseState(serializeState(part), "a part"));
    const { duplicated, ...difference } = inventoryDifference(whole, parts);
    // A state that has an instance twice is not split: that is what the difference is for.
    const addresses = inventory(whole).map(({ address }) => address);
    expect(duplicated.length > 0).toBe(new Set(addresses).size < addresses.length);
    if (duplicated.length === 0) expect(difference).toEqual({ lost: [], added: [], altered: [] });
    expect(parts.flatMap(inventory)).toHaveLength(inventory(whole).length);
    return "";
  } catch (error) {
    if ((error as Error).name !== "UserError") throw error;
    return (error as Error).message;
  }
}

function problems(number: number, did: string, bytes: Buffer): { refused: boolean; wrong: string[] } {
  try {
    const sentence = outcome(bytes);
    const wrong = [
      ...(sentence.includes("\n") ? ["more than a sentence"] : []),
      ...(sentence.includes(secret) ? ["a secret is told"] : []),
      ...(["\u001b", "\r", "\u202e"].some((character) => sentence.includes(character)) ? ["an escape is printed"] : []),
    ];
    return { refused: sentence !== "", wrong: wrong.map((what) => `${number} (${did}): ${what}: ${sentence}`) };
  } catch (error) {
    return { refused: true, wrong: [`${number} (${did}): ${(error as Error).stack?.slice(0, 400)}`] };
  }
}

test(`${mutants} mutants`, () => {
  const random = new Random(seed);
  const results = Array.from({ length: mutants }, (_, number) => {
    const state = structuredClone(original);
    const did = Array.from({ length: 1 + random.below(3) }, () => mutate(state, random)).join(", ");
    return problems(number, did, Buffer.from(JSON.stringify(state)));
  });
  expect(results.flatMap(({ wrong }) => wrong)).toEqual([]);
  const refused = results.filter((result) => result.refused).length;
  // They are neither all refused nor all taken.
  expect(refused).toBeGreaterThan(mutants / 10);
  expect(refused).toBeLessThan((mutants * 9) / 10);
});

test("bytes changed, cut or doubled anywhere", () => {
  const random = new Random(seed);
  const bytes = Buffer.from(JSON.stringify(original));
  const wrong = Array.from({ length: 500 }, (_, number) => {
    const at = random.below(bytes.length);
    const changed = Buffer.from(bytes);
    changed[at] = random.below(256);
    const [cut, doubled] = [bytes.subarray(0, at), Buffer.concat([bytes.subarray(0, at), bytes.subarray(at >> 1)])];
    return [changed, cut, doubled].flatMap((one) => problems(number, `at byte ${at}`, one).wrong);
  });
  expect(wrong.flat()).toEqual([]);
});
