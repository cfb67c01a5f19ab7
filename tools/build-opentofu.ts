/** Builds OpenTofu from the Go module proxy into `.cache/tofu/`, for the tests that run it. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { newCommand, perform } from "../commands/shared/command";
import { alone } from "../lib/alone";
import { project } from "../lib/project";
import { runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";
import { goCommand } from "../local/collector/binary";
import { modules, openTofu } from "./opentofu";

const command = newCommand(
  "node tools/run.mjs tools/build-opentofu.ts",
  "Builds OpenTofu from its Go modules into .cache/tofu/, once: 5 to 15 minutes. With it, npm run test:exhaustive runs the tests of OpenTofu.",
);

perform(command, async () => {
  const binary = openTofu(project);
  const report = (line: string) => console.error(line);
  await alone(`${binary}.building`, async () => {
    if (existsSync(binary)) return;
    mkdirSync(dirname(binary), { recursive: true });
    const go = await goCommand(project, report);
    report("Building OpenTofu, which takes 5 to 15 minutes");
    // Its own releases are built so; without it, it calls itself a development version.
    const flags = ["-ldflags", "-s -w -X github.com/opentofu/opentofu/version.dev=no"];
    const args = ["-n", "15", go, "build", ...flags, "-o", `${binary}.new`, "github.com/opentofu/opentofu/cmd/tofu"];
    const { exitCode, stderr } = await runProcess("nice", args, { cwd: modules(project), environment: process.env });
    if (exitCode !== 0)
      throw new UserError(`OpenTofu can't be built: ${stderr.trim().split("\n").slice(-5).join("\n")}`);
    renameSync(`${binary}.new`, binary);
  });
  console.log(binary);
});
