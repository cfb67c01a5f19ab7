import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCommand } from "../../../../commands/shared/command";
import { durationOption, type VarFileOption, variableFiles, withVarFile } from "../../../../commands/shared/options";
import { fromCaller } from "../../../../lib/project";

const folder = mkdtempSync(join(tmpdir(), "options-"));
afterAll(() => rmSync(folder, { recursive: true }));

function parsed(...args: string[]) {
  const command = withVarFile(newCommand("it", "").argument("[service...]")).exitOverride();
  command.parse(args, { from: "user" });
  return { varFile: command.opts<VarFileOption>().varFile, services: command.args };
}

test("--var-file takes one value, as often as it is given, and no service behind it", () => {
  expect(parsed()).toEqual({ varFile: [], services: [] });
  expect(parsed("--var-file", "a", "backend-flask")).toEqual({ varFile: ["a"], services: ["backend-flask"] });
  expect(parsed("--var-file", "a", "--var-file=b", "envoy")).toEqual({ varFile: ["a", "b"], services: ["envoy"] });
});

test("files of variables are there, or all that aren't are named", () => {
  const file = join(folder, "team.tfvars");
  writeFileSync(file, "");
  const none = { variableFiles: [] };
  expect(variableFiles({ varFile: [file, "package.json"] }, none)).toEqual([file, fromCaller("package.json")]);
  expect(() => variableFiles({ varFile: ["no", file, "none"] }, none)).toThrow(
    '--var-file is "no" and "none", but there is no such file in the folder that you called from.',
  );
});

test("without --var-file those of the setting count, from the project's folder, and a missing one is named", () => {
  const set = { variableFiles: ["team.tfvars"] };
  expect(variableFiles({ varFile: [] }, set, folder)).toEqual([join(folder, "team.tfvars")]);
  expect(variableFiles({ varFile: ["package.json"] }, set, folder)).toEqual([fromCaller("package.json")]);
  expect(() => variableFiles({ varFile: [] }, { variableFiles: ["temas.tfvars"] }, folder)).toThrow(
    `The setting variableFiles has "temas.tfvars", but there is no such file in ${folder}: write it, fix the setting, or give --var-file FILE.`,
  );
});

test("a duration is shown as it is written, and is milliseconds", () => {
  const command = newCommand("it", "").addOption(durationOption("--timeout <duration>", "how long", "15m"));
  expect(command.helpInformation()).toContain("how long (default: 15m)");
  expect(command.parse([], { from: "user" }).opts()).toEqual({ timeout: 900_000 });
  expect(() => command.parse(["--timeout", "soon"], { from: "user" })).toThrow('--timeout is "soon": give a number');
});
