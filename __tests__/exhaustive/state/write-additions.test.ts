/**
 * Ten modules that have drifted, each in its own way: what `bin/state/check --write-additions` drafts for each has the types of
 * the bindings, and a check afterwards finds that nothing differs. One apply makes the resources of all; each module is then
 * checked with a state of its own.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { Terraform } from "../../../terraform/terraform";
import { project } from "../../support/project";
import { adoptingStacks, type Json, labForTests, oldModule } from "../../support/state/lab";

const minute = 60_000;
const fixtures = join(project, "__tests__", "fixtures", "drifted");
const names = ["bucket", "lambda", "messaging", "events", "edge", "api", "service", "secrets", "modules", "language"];
const base = `${oldModule}data "aws_region" "current" {}\n`;

/** An archive with a file in it: `def handler(event, context): return event`. */
const archive = Buffer.from(
  "UEsDBBQAAAAAAAAAIQA1ODTkKgAAACoAAAAJAAAAbGFtYmRhLnB5ZGVmIGhhbmRsZXIoZXZlbnQsIGNvbnRleHQpOiByZXR1cm4gZXZlbnQKUEsBAhQDFAAAAAAAAAAhADU4NOQqAAAAKgAAAAkAAAAAAAAAAAAAAKQBAAAAAGxhbWJkYS5weVBLBQYAAAAAAQABADcAAABRAAAAAAA=",
  "base64",
);

const { lab } = labForTests({ stacks: adoptingStacks, module: { "main.tf": base } });

/** Values of the modules' own variables, and of those that stand for their secrets. */
const variables = {
  TF_VAR_mail_password: "hunter3-hunter3",
  TF_VAR_mail_token: "fallback-t0ken-of-mail",
  TF_VAR_mail_secret_string_user: "mailer-of-cruddur",
  TF_VAR_resize_environment_variables_level: "info",
  TF_VAR_search_container_definitions_environment_value: '"hello" ${name} %{x}',
  TF_VAR_hook_input_dotted_key: "two",
  TF_VAR_mail_url_value: "smtp://mailer:hunter2-hunter2@jobs.example.com:587",
};

const environment = () => ({ ...process.env, ...lab.environment(), ...variables });

/** Puts the files of modules beside those of the small one. */
function write(folder: string, modules: readonly string[]): void {
  for (const name of modules) cpSync(join(fixtures, name), folder, { recursive: true });
  cpSync(join(fixtures, "shared"), join(folder, "..", "shared"), { recursive: true });
  writeFileSync(join(folder, "lambda.zip"), archive);
}

let whole: Json;
let teamFiles: readonly (readonly [file: string, text: string])[];

beforeAll(async () => {
  write(lab.module, names);
  const terraform = new Terraform(lab.module, { environment: environment() });
  await terraform.init();
  await terraform.apply();
  whole = JSON.parse(readFileSync(join(lab.module, "terraform.tfstate"), "utf8"));
  const additions = join(lab.project, "additions");
  teamFiles = readdirSync(additions).map((name) => {
    const file = join(additions, name);
    return [file, readFileSync(file, "utf8")];
  });
}, 10 * minute);

/** The folder of one module, with what of the state is its own. */
function moduleOf(name: string): string {
  const folder = join(lab.folder, name, "old");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf"), base);
  write(folder, [name]);
  const text = readdirSync(folder)
    .filter((file) => file.endsWith(".tf"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const resources = whole.resources.filter(({ module, type, name: own }: Json) => {
    const [, called = ""] = /^module\.([^.[]+)/.exec(module ?? "") ?? [];
    return text.includes(called === "" ? `"${type}" "${own}"` : `module "${called}"`);
  });
  const outputs = Object.entries(whole.outputs).filter(([output]) => text.includes(`output "${output}"`));
  writeFileSync(
    join(folder, "terraform.tfstate"),
    JSON.stringify({ ...whole, outputs: Object.fromEntries(outputs), resources }),
  );
  return folder;
}

async function check(folder: string, ...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await runProcess(
    join(lab.project, "bin", "state", "check"),
    ["--from", folder, "--hcl", folder, "--json", ...args],
    { cwd: lab.folder, environment: environment() },
  );
  if (!stdout.startsWith("{")) throw new Error(`${exitCode}: ${stdout}${stderr}`);
  return { exitCode, report: JSON.parse(stdout) as Json, stderr };
}

/** Where the drafts of each are kept. */
const kept = join(lab.folder, "drafts");

test.each(names)(
  "%s",
  async (name) => {
    const additions = join(lab.project, "additions");
    rmSync(additions, { recursive: true });
    mkdirSync(additions);
    for (const [file, text] of teamFiles) writeFileSync(file, text);
    const folder = moduleOf(name);
    const { report } = await check(folder, "--no-plan", "--write-additions");
    cpSync(additions, join(kept, name), { recursive: true });
    const texts = report.written.files
      .filter((file: string) => file.endsWith(".ts"))
      .map((file: string) => readFileSync(join(lab.project, file), "utf8"))
      .join("\n");
    expect(texts).not.toMatch(/hunter[23]|t0ken-of|mailer-of/);
    expect(report.written.notFound).toEqual([]);
    expect(report.written.open).toEqual(name === "language" ? ["check.board is not drafted"] : []);
    const { exitCode, report: after } = await check(folder);
    // The old module plans the same over what moto gives back.
    const differing = after.findings.filter(({ alsoByOldModule }: Json) => !alsoByOldModule);
    expect([differing, after.notPlanned, exitCode]).toEqual([[], {}, 0]);
  },
  4 * minute,
);

test(
  "what was drafted for all of them has the types of the bindings",
  async () => {
    const additions = join(lab.project, "additions");
    for (const name of names) {
      for (const stack of ["network", "app"]) {
        const draft = join(kept, name, `adopted-${stack}.ts`);
        if (existsSync(draft)) cpSync(draft, join(additions, `proof-${name}-${stack}.ts`));
      }
    }
    const { stdout } = await runProcess(
      join(lab.project, "node_modules", ".bin", "tsc"),
      ["--noEmit", "-p", "tsconfig.json"],
      { cwd: lab.project },
    );
    expect(stdout.split("\n").filter((line) => line.startsWith("additions/"))).toEqual([]);
  },
  4 * minute,
);
