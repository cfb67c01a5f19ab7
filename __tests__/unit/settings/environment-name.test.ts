import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../../settings/load";

const directory = mkdtempSync(join(tmpdir(), "environment-name-"));
afterAll(() => rmSync(directory, { recursive: true }));
const load = (name: string) => loadSettings({ directory, environment: { CRUDDUR_ENVIRONMENT: name } }).settings;

test.each(["staging", "dev", "pr-12", "a", "eu2"])("%s is an environment", (name) => {
  expect(load(name).environment).toBe(name);
});

test("absent or empty, it is the default one", () => {
  expect(load("").environment).toBeUndefined();
});

test.each([
  ["Staging", "allowed is lower-case letters"],
  ["2nd", "allowed is lower-case letters"],
  ["a--b", "allowed is lower-case letters"],
  ["staging-", "allowed is lower-case letters"],
  ["a_b", "allowed is lower-case letters"],
  ["a".repeat(64), "allowed is lower-case letters"],
  ["aws-test", "AWS keeps names that begin with aws or ssm to itself; allowed is"],
  ["ssmall", "AWS keeps names that begin with aws or ssm to itself; allowed is"],
  ["internal", "AWS refuses names that begin with internal-; allowed is"],
  ["sg", "AWS refuses names that begin with sg-; allowed is"],
  ["stacks", "cdktf.out has a folder of this name; allowed is"],
])("%s is refused, with the reason", (name, reason) => {
  expect(() => load(name)).toThrow(reason);
  expect(() => load(name)).toThrow(`environment (CRUDDUR_ENVIRONMENT) is "${name}"`.slice(0, 50));
});

test("the domain's label is a host's, or none", () => {
  const subdomain = (value: string) =>
    loadSettings({ directory, environment: { CRUDDUR_SUBDOMAIN: value } }).settings.subdomain;
  expect(subdomain("test")).toBe("test");
  expect(() => subdomain("a.b")).toThrow("subdomain (CRUDDUR_SUBDOMAIN)");
});
