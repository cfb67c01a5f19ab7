import { discreet, isSensitiveAt } from "../../../state/discretion";

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
  ])("%j is shown", (value, path, shown) => {
    expect(discreet(value, path, false, [])).toBe(shown);
  });

  test.each<[string, unknown, string, boolean, readonly string[]]>([
    ["what Terraform marks as sensitive", "db.t3.micro", "instance_class", true, []],
    ["attributes with telling names", "hunter", "master_password", false, []],
    ["what looks like a key", "AKIAIOSFODNN7EXAMPLE9", "description", false, []],
    ["what needs quoting", 'a"b', "description", false, []],
    ["what is long", "word ".repeat(20), "description", false, []],
    ["what holds a known secret", "prefix-hunter2", "description", false, ["hunter2"]],
  ])("%s are not shown", (_what, value, path, sensitive, secrets) => {
    expect(discreet(value, path, sensitive, secrets)).toBe("(not shown)");
  });

  test("an unset variable hides nothing", () => {
    expect(discreet("plain", "description", false, [""])).toBe('"plain"');
  });
});

describe("a mask of sensitive values", () => {
  const mask = { password: true, settings: [{ token: true }, {}], tags: {} };

  test.each<[string[], boolean]>([
    [["password"], true],
    [["settings", "0", "token"], true],
    [["settings", "1", "token"], false],
    [["tags"], false],
    [["elsewhere"], false],
    // A value that has something sensitive below it.
    [["settings"], true],
  ])("%j: %p", (path, expected) => {
    expect(isSensitiveAt(mask, path)).toBe(expected);
  });

  test("one over everything", () => {
    expect(isSensitiveAt(true, ["a", "b"])).toBe(true);
  });
});
