import { Command, Option } from "commander";
import { completions } from "../../../../commands/shared/completion";

const command = () =>
  new Command("bin/some")
    .option("-j, --json", "", false)
    .option("--no-wait", "")
    .option("--service <name>", "")
    .option("--out [dir]", "")
    .addOption(new Option("--engine <name>", "").choices(["docker", "podman"]));

test.each([
  [["--"], ["--json", "--no-wait", "--service", "--out", "--engine", "--help"]],
  [["-"], ["--json", "--no-wait", "--service", "--out", "--engine", "--help"]],
  [["--e"], ["--engine"]],
  [
    ["--engine", ""],
    ["docker", "podman"],
  ],
  [["--engine", "p"], ["podman"]],
  [
    ["--service", "backend-"],
    ["backend-flask", "backend-authz"],
  ],
  [["--engine", "podman", "--n"], ["--no-wait"]],
  // Its value is none that is known: bash then completes files.
  [["--out", ""], []],
  [["--", "--e"], []],
  [["x"], []],
  [[], []],
])("%j", (words, expected) => {
  expect(completions(command(), words)).toEqual(expected);
});

test("arguments by their names, each once, an option's value being none", () => {
  const run = command().argument("<service>").argument("<container>").argument("[stack...]");
  expect(completions(run, ["front"])).toEqual(["frontend-react-js"]);
  expect(completions(run, ["--engine", "docker", "front"])).toEqual(["frontend-react-js"]);
  expect(completions(run, ["backend-flask", "--json", ""])).toEqual(["backend-flask", "envoy", "xray"]);
  expect(completions(run, ["backend-flask", "envoy", ""])).toEqual(["network", "app"]);
  expect(completions(run, ["backend-flask", "envoy", "app", ""])).toEqual(["network"]);
  expect(completions(new Command("x").argument("<service>"), ["backend-flask", ""])).toEqual([]);
  expect(completions(new Command("x").argument("<image>"), ["e"])).toEqual(["envoy"]);
});

test("settings that can't be read offer nothing, and the options all the same", () => {
  process.env.CRUDDUR_AUTHZ = "perhaps";
  const run = command().argument("<service>");
  const found = [completions(run, [""]), completions(run, ["--j"])];
  delete process.env.CRUDDUR_AUTHZ;
  expect(found).toEqual([[], ["--json"]]);
});
