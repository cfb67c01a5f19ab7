import { KnownSecrets } from "../../../lib/secrecy/known-secrets";
import { discreet } from "../../../state/discretion";
import { planned } from "../../support/plans";

const known = new KnownSecrets(["hunter2"]);
const told = (value: unknown, path: string, change: object = {}) =>
  discreet(value, [path], planned("aws_thing.a", { before: {}, after: { [path]: value }, change }), known);

describe("values of a plan", () => {
  test.each<[unknown, string, string]>([
    ["db.t3.micro", "instance_class", '"db.t3.micro"'],
    [3, "desired_count", "3"],
    [false, "multi_az", "false"],
    [null, "tags", "nothing"],
    ["", "description", '""'],
    [["a", "b"], "subnets", "a list of 2"],
    [{ a: 1 }, "deployment_controller", "a block"],
    ["(known after apply)", "arn", "(known after apply)"],
    ['{"a":1}', "policy", "a document"],
    ["#!a\nb", "script", "(2 lines)"],
  ])("%j is shown", (value, path, text) => {
    expect(told(value, path)).toBe(text);
  });

  test.each<[string, unknown, string, object]>([
    [
      "what Terraform marks as sensitive",
      "db.t3.micro",
      "instance_class",
      { before_sensitive: { instance_class: true } },
    ],
    ["attributes with telling names", "hunter", "master_password", {}],
    ["what looks like a key", `AKIA${"IOSFODNN7EXAMPLE"}9`, "description", {}],
    ["what holds a known secret", "prefix-hunter2", "description", {}],
    ["a marked list", ["x"], "list", { after_sensitive: { list: true } }],
  ])("%s are not shown", (_what, value, path, change) => {
    expect(told(value, path, change)).toBe("(sensitive)");
  });

  test("without its change a value is judged by itself", () => {
    expect(discreet("hunter", ["password"], undefined, known)).toBe("(sensitive)");
    expect(discreet("eu-west-1", ["region"], undefined, known)).toBe('"eu-west-1"');
  });
});
