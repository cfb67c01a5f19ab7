/** Renews what the tests know of the AWS provider's generations 5 and 6, from their generated bindings. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCommand, perform } from "../commands/shared/command";
import { project } from "../lib/project";
import { runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";
import { awsFacts } from "./testing/aws-facts";
import { awsUses } from "./testing/aws-usage";
import { awsVariants } from "./testing/aws-variants";

const folder = join("__tests__", "fixtures", "aws-provider");

interface Options {
  readonly six: string;
}

const command = newCommand(
  "node tools/run.mjs tools/aws-facts.ts",
  `Renews ${folder}: what the AWS provider's generations 5 and 6 have of the types that the stacks use.`,
).option("--six <package>", "bindings of version 6, as npm names them", "@cdktn/provider-aws@latest");

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(program, args, { cwd, environment: process.env });
  if (exitCode !== 0) throw new UserError(`${program} ${args.join(" ")} failed: ${stderr.trim()}`);
  return stdout.trim();
}

perform<Options>(command, async ({ six }) => {
  const uses = ["5.100.0", "6.66.0"].flatMap((version) => awsVariants(version).flatMap((json) => awsUses(json, {})));
  const types = [...new Set(uses.map(({ type }) => type))];
  const temporary = mkdtempSync(join(tmpdir(), "aws-facts-"));
  try {
    // Their unpacked packages have hundreds of megabytes, so they are no dependency of the tests.
    const archive = await run("npm", ["pack", "--silent", six], temporary);
    await run("tar", ["xzf", archive], temporary);
    mkdirSync(join(project, folder), { recursive: true });
    const generations = {
      5: join(project, "node_modules", "@cdktf", "provider-aws"),
      6: join(temporary, "package"),
    };
    for (const [generation, bindings] of Object.entries(generations)) {
      const file = join(folder, `${generation}.json`);
      writeFileSync(join(project, file), `${JSON.stringify(awsFacts(bindings, types), null, 2)}\n`);
      console.log(file);
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});
