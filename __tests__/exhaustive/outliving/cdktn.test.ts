/** The switch to CDK Terrain as docs/outliving-cdktf.md has it: installed, checked, synthesized, and a state adopted by it. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { cloneProject } from "../../../tools/clone-project";
import { type Deployed, deployedSystem } from "../../support/aws/deployed";
import { tfvars, writeOldModule } from "../../support/aws/old-module";
import { documentedCommands } from "../../support/documented-commands";
import { newestNode, withNode } from "../../support/node-versions";
import { project, type Settings, synthesizeTo } from "../../support/project";

const minute = 60_000;
const page = join("docs", "outliving-cdktf.md");

const s3: Settings = {
  CRUDDUR_BACKEND_TYPE: "s3",
  CRUDDUR_BACKEND_BUCKET: "cruddur-states",
  CRUDDUR_BACKEND_REGION: "eu-central-1",
  CRUDDUR_BACKEND_KEYS_APP: "02-app/terraform.tfstate",
};
const backends: Readonly<Record<string, Settings>> = {
  "local files in a folder of their own": { CRUDDUR_BACKEND_DIRECTORY: "/states" },
  "S3, locked by a file": s3,
  "S3, locked by a table": { ...s3, CRUDDUR_BACKEND_USE_LOCKFILE: "false", CRUDDUR_BACKEND_DYNAMODB_TABLE: "locks" },
  "a store like S3, locked by both": {
    ...s3,
    CRUDDUR_BACKEND_DYNAMODB_TABLE: "locks",
    CRUDDUR_BACKEND_ENDPOINT: "https://minio.example.com",
    CRUDDUR_BACKEND_USE_PATH_STYLE: "true",
  },
  "S3, with the stack of images": { ...s3, CRUDDUR_IMAGES_ENABLED: "true" },
};

const folder = realpathSync(mkdtempSync(join(tmpdir(), "cdktn-")));
const clone = join(folder, "project");
let environment: NodeJS.ProcessEnv;

/** Runs in the clone, by a Node that CDK Terrain takes. */
const run = (command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<RunResult> =>
  runProcess(command, args, { cwd: clone, environment: { ...environment, ...more } });

async function succeed(command: string, args: readonly string[], more?: NodeJS.ProcessEnv): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, args, more);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")}: ${exitCode}\n${stdout}${stderr}`);
  return stdout + stderr;
}

/** The stacks' files, by name, without the version that wrote them. */
function stacksIn(outdir: string, file = "cdk.tf.json"): Record<string, string> {
  const stacks = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => {
      const text = readFileSync(join(stacks, stack, file), "utf8");
      return [
        stack,
        text.replace(/("version": )"0\.\d+\.\d+"/, "$1…").replace(/("?version"?\s*=\s*)"0\.\d+\.\d+"/, "$1…"),
      ];
    }),
  );
}

beforeAll(async () => {
  environment = {
    ...(await withNode(newestNode)),
    CI: "1",
    CHECKPOINT_DISABLE: "1",
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
  renameSync(cloneProject(project).folder, clone);
}, 5 * minute);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  "the page's commands install CDK Terrain in cdktf's place, and the sources check and synthesize",
  async () => {
    await succeed("sh", ["-ec", documentedCommands(clone, page, "overrides.cdktf=$cdktf")]);
    const { name, version } = JSON.parse(readFileSync(join(clone, "node_modules", "cdktf", "package.json"), "utf8"));
    expect([name, version]).toEqual(["cdktn", expect.stringMatching(/^0\.2[4-9]\./)]);
    const golden = ["network", "app"].map((stack) => [
      stack,
      readFileSync(join(project, "__tests__", "golden", `${stack}.tf.json`), "utf8").replace('"0.21.0"', "…"),
    ]);
    expect(stacksIn(join(clone, "cdktf.out"))).toEqual(Object.fromEntries(golden));
  },
  8 * minute,
);

test(
  "the JSON is the same in every backend but for the version that wrote it",
  async () => {
    for (const [name, settings] of Object.entries(backends)) {
      const [own, other] = ["cdktf", "cdktn"].map((one) => join(folder, one, name)) as [string, string];
      expect(await synthesizeTo(own, settings)).toMatchObject({ exitCode: 0 });
      mkdirSync(other, { recursive: true });
      await succeed("node", ["tools/run.mjs", "main.ts"], { ...settings, CDKTF_OUTDIR: other });
      expect(stacksIn(other)).toEqual(stacksIn(own));
    }
  },
  3 * minute,
);

test(
  "a state is adopted: split by the README's commands, and the plans are cdktf's",
  async () => {
    let deployed: Deployed | undefined;
    try {
      deployed = await deployedSystem();
      const aws = deployed.aws.environment;
      writeOldModule(join(folder, "02-app"), deployed);
      writeFileSync(join(clone, "team.tfvars"), tfvars(deployed.variables));
      const said = await succeed("sh", ["-ec", documentedCommands(clone, "README.md", "bin/state/split")], aws);
      expect(said).toContain("20 go to network, 36 to app");

      const planning = ["run", "--silent", "plan", "--", "--var-file", join(clone, "team.tfvars")];
      const planned = await run("npm", planning, aws);
      const ownPlan = await runProcess("npm", planning, {
        cwd: project,
        environment: { ...process.env, ...aws, CRUDDUR_BACKEND_DIRECTORY: clone, CDKTF_OUTDIR: join(folder, "own") },
      });
      expect([ownPlan.exitCode, ownPlan.stdout]).toEqual([planned.exitCode, planned.stdout]);
      expect(planned.stdout).toMatch(/^network and app: 4 changed in place\./);
    } finally {
      await deployed?.aws.stop();
    }
  },
  10 * minute,
);

test(
  "with renamed imports nothing but the provider's source is written differently",
  async () => {
    await succeed("sh", ["-ec", documentedCommands(clone, page, "tools/rename-imports.mjs")]);
    await succeed("node", ["tools/run.mjs", "main.ts"], { CDKTF_OUTDIR: join(clone, "cdktf.out") });
    const golden = (stack: string) => readFileSync(join(project, "__tests__", "golden", `${stack}.tf.json`), "utf8");
    const synthesized = stacksIn(join(clone, "cdktf.out"));
    for (const stack of ["network", "app"]) {
      const source = golden(stack).replace('"0.21.0"', "…").replace('"source": "aws"', '"source": "hashicorp/aws"');
      expect(synthesized[stack]).toBe(source);
    }
  },
  8 * minute,
);
