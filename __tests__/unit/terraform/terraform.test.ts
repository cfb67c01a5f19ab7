import { errorSummary } from "../../../terraform/terraform";

const boxed = (lines: readonly string[]) => ["╷", ...lines.map((line) => `│ ${line}`), "╵"].join("\n");

describe("what Terraform said went wrong", () => {
  test("is one line, without the source and the values below it", () => {
    const text = boxed([
      "Error: Invalid value for variable",
      "",
      '  on main.tf line 3, in resource "aws_ssm_parameter" "a":',
      '   3:   value = "${var.secret_value}x"',
      "    ├────────────────",
      '    │ var.secret_value is "hunter2"',
      "",
      "It is wrong.",
    ]);
    const summary = errorSummary(text);
    expect(summary).toBe(
      'Invalid value for variable on main.tf line 3, in resource "aws_ssm_parameter" "a": It is wrong.',
    );
    expect(summary).not.toContain("hunter2");
  });

  test("holds every error, and no general advice", () => {
    const first = boxed(["Error: One", "", "Because.", "", "For more information, see there."]);
    expect(errorSummary(`${first}\n${boxed(["Error: Two"])}`)).toBe("One Because.; Two");
  });

  test("is cut where it is long", () => {
    expect(errorSummary(`Error: ${"word ".repeat(400)}`)).toHaveLength(600);
  });

  test("is there for what is no box", () => {
    expect(errorSummary("panic: oops\n")).toBe("panic: oops");
  });
});
