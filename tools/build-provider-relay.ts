/** Builds the tests' Terraform (tools/provider-relay) with Go into `.cache/provider-relay/`, for jest's global set-up. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { newCommand, perform } from "../commands/shared/command";
import { alone } from "../lib/alone";
import { project } from "../lib/project";
import { runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";
import { goCommand } from "../local/collector/binary";

const command = newCommand(
  "node tools/run.mjs tools/build-provider-relay.ts",
  "Builds the program that makes Terraform quick in tests, once, and prints the folder that goes to the front of their PATH.",
);

/** Where no type of a test's configuration or state is named. */
const elsewhere = new Set(["node_modules", "artifacts", "cdktf.out", "plans", "coverage"]);

/** The resource types that the project's files name: those of the stacks, and those of every fixture. */
function namedTypes(): string[] {
  const names = new Set<string>();
  const folders = readdirSync(project, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !elsewhere.has(entry.name))
    .map(({ name }) => join(project, name));
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.(ts|tf|json|tfstate|hcl|md)$/.test(entry.name)) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      for (const [name] of text.matchAll(/\baws_[a-z0-9_]+/g)) names.add(name);
    }
  }
  return [...names].sort();
}

perform(command, async () => {
  const sources = join(project, "tools", "provider-relay");
  const hash = createHash("sha256");
  for (const name of readdirSync(sources).sort()) hash.update(`${name}\0`).update(readFileSync(join(sources, name)));
  const folder = join(project, ".cache", "provider-relay", hash.digest("hex").slice(0, 12));
  const binary = join(folder, "terraform");
  await alone(`${folder}.building`, async () => {
    if (existsSync(binary)) return;
    mkdirSync(folder, { recursive: true });
    const go = await goCommand(project, (line) => console.error(line));
    const { exitCode, stderr } = await runProcess(go, ["build", "-trimpath", "-o", `${binary}.new`, "."], {
      cwd: sources,
    });
    if (exitCode !== 0) throw new UserError(`The provider relay can't be built: ${stderr.trim().slice(-500)}`);
    renameSync(`${binary}.new`, binary);
  });
  writeWhole(
    join(folder, "types"),
    namedTypes()
      .map((name) => `${name}\n`)
      .join(""),
  );
  console.log(folder);
});
