import { asksForInit } from "../../../../operations/deploy/initialized";

const boxed = (lines: readonly string[]) => ["╷", ...lines.map((line) => `│ ${line}`), "╵"].join("\n");

test.each([
  ["the backend has changed", ["Error: Backend initialization required, please run", '"terraform init"']],
  ["OpenTofu in Terraform's place", ["Error: Required plugins are not installed", "", "You must install the required"]],
  ["another lock file", ["Error: Inconsistent dependency lock file", "", "The following dependency selections"]],
  ["a module", ["Error: Module not installed", "", 'Run "tofu', 'init" to install all modules']],
])("a folder is initialized again: %s", (_, lines) => {
  expect(asksForInit(boxed(lines))).toBe(true);
  expect(asksForInit(lines.join("\n"))).toBe(true);
});

test("and not for other errors", () => {
  expect(asksForInit(boxed(["Error: No value for required variable"]))).toBe(false);
});
