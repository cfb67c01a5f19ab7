/** What a synth and a plan cost, as ratios measured in one run. Prints figures and judges nothing. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCommand, perform } from "../../commands/shared/command";
import { listOption } from "../../commands/shared/options";
import { project } from "../../lib/project";
import { cloneProject } from "../clone-project";
import { writeLargeState } from "./large-state";
import { compare } from "./measure";
import { withFnJsonencode, withRootImports } from "./naive";
import { benchPlans } from "./plan";

const parts = ["synth", "template", "services", "plan", "state"] as const;

interface Options {
  readonly only: readonly string[];
  readonly rounds: string;
}

const command = newCommand(
  "npm run bench --",
  "Measures synth and plan against their floor, the cdktf template's way and the HCL, and a split by size.",
)
  .addOption(listOption("--only <part>", `one of ${parts.join(", ")}`, { otherwise: "all" }))
  .option("--rounds <n>", "counted rounds", "5");

const run = ["node", join("tools", "run.mjs")];
const bin = (name: string) => join("node_modules", ".bin", name);

/** A changed source before each round: from the edit to the output. */
function edit(clone: string): (round: number) => void {
  const file = join(clone, "services", "names.ts");
  const original = readFileSync(file, "utf8");
  return (round) => writeFileSync(file, `${original}// ${round}\n`);
}

perform<Options>(command, async ({ only: given, rounds }) => {
  const only: readonly string[] = given.length > 0 ? given : parts;
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const own = cloneProject(project);
  const template = cloneProject(project);
  const naive = cloneProject(project);
  try {
    withRootImports(template.folder);
    withFnJsonencode(naive.folder);
    const outdir = (name: string) => ({ CDKTF_OUTDIR: join(folder, name) });
    const ours = {
      name: "npm run synth's program",
      run: [...run, "main.ts"],
      cwd: own.folder,
      environment: outdir("own"),
      before: edit(own.folder),
    };
    if (only.includes("synth")) {
      const floor = { name: "loading cdktf alone", run: ["node", "-e", 'require("cdktf")'], cwd: own.folder };
      await compare("Synth of both stacks, from edit to output", Number(rounds), [floor, ours]);
    }
    if (only.includes("template")) {
      await compare("Synth against the template's way", Math.min(Number(rounds), 3), [
        ours,
        {
          name: "ts-node, root imports",
          run: [bin("ts-node"), "main.ts"],
          cwd: template.folder,
          environment: outdir("template"),
          before: edit(template.folder),
        },
      ]);
    }
    if (only.includes("services")) {
      const many = (count: number) => ["tools/bench/many-services.ts", String(count), join(folder, `many-${count}`)];
      await compare("Further services", Math.min(Number(rounds), 3), [
        ...[10, 100, 1000].map((count) => ({
          name: `${count} services`,
          run: [...run, ...many(count)],
          cwd: own.folder,
        })),
        {
          name: "1000 services, tsx, source maps, Fn.jsonencode",
          run: [bin("tsx"), ...many(1000)],
          cwd: naive.folder,
          environment: { NODE_OPTIONS: "--enable-source-maps" },
        },
      ]);
    }
    if (only.includes("plan")) await benchPlans(project, join(folder, "plans"), Number(rounds));
    if (only.includes("state")) {
      const sizes = [100, 1000, 10_000].map((instances) => ({
        instances,
        file: writeLargeState(instances, join(folder, `large-${instances}.tfstate`)),
      }));
      await compare(
        "Splitting a state and comparing the result",
        Math.min(Number(rounds), 3),
        sizes.map(({ instances, file }) => ({
          name: `${instances} instances, ${(statSync(file).size / 1e6).toFixed(1)} MB`,
          run: [...run, "tools/bench/split.ts", file],
          cwd: own.folder,
        })),
      );
      await compare(
        "bin/state/check --no-plan",
        Math.min(Number(rounds), 3),
        sizes.map(({ instances, file }) => ({
          name: `${instances} instances`,
          run: ["sh", "-c", `bin/state/check --no-plan --json --from ${file}; test $? -eq 2`],
          cwd: own.folder,
        })),
      );
    }
  } finally {
    for (const clone of [own, template, naive]) clone.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});
