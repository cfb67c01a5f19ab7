/**
 * A day of a new user, from the old module's state to a second environment, by the commands of the README and of docs/: at a
 * terminal, and where there is none. One local AWS of its own each; what moto can't do of ECS is living-ecs.ts's.
 */
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFunctions } from "../../local/aws/seed";
import { awsNamesOf } from "../../services/aws-names";
import { pluginCache } from "../../terraform/plugin-cache";
import { cloneProject } from "../../tools/clone-project";
import { type Deployed, deployedSystem } from "./aws/deployed";
import { type LivingEcs, startLivingEcs } from "./aws/living-ecs";
import { tfvars, writeOldModule } from "./aws/old-module";
import { isNeverPushed, wantNeverPushed } from "./never-pushed";
import { type Place, type Played, Session } from "./played";
import { type Postgres, startPostgres, textFile } from "./postgres";
import { project } from "./project";
import { encodedForms } from "./secrets";

const minute = 60_000;
const password = `p:${randomBytes(9).toString("hex")}#%`;
const token = `token-${randomBytes(9).toString("hex")}`;

const nothing = /^network and app: nothing changes\.$/m;

/** Of the image, in which the command of a task runs. */
const flask = `#!/bin/sh
[ "$*" = "db upgrade" ] || exit 9
echo "Running upgrade -> 1f0c, users"
exec psql "$CONNECTION_URL" -Xq -v ON_ERROR_STOP=1 -c "create table users (uuid uuid, handle text)"
`;

/** The tests of one place, in a file each, so that they run side by side. */
export function describeDay(place: Place): void {
  const folder = mkdtempSync(join(tmpdir(), "day-"));
  const clone = join(folder, "project");
  let system: Deployed;
  let living: LivingEcs;
  let postgres: Postgres;
  let session: Session;
  let variables: Record<string, string>;

  beforeAll(async () => {
    system = await deployedSystem();
    variables = { ...system.variables };
    postgres = await startPostgres({ name: "cruddur", password });
    postgres.query('create database "cruddur" owner cruddur');
    writeOldModule(join(folder, "02-app"), system);
    writeFileSync(join(folder, "02-app", "terraform.tfvars"), tfvars(variables));
    renameSync(cloneProject(project).folder, clone);

    const [image, tools] = [join(folder, "image"), join(folder, "bin")];
    for (const one of [image, tools]) mkdirSync(one);
    writeFileSync(join(image, "flask"), flask, { mode: 0o755 });
    symlinkSync(join(project, "__tests__/support/forwarding-plugin.js"), join(tools, "session-manager-plugin"));
    living = await startLivingEcs(system, {
      isMissing: isNeverPushed,
      // The database's name leads to it in the network of the tasks alone.
      taskEnvironment: { PATH: `${image}:${process.env.PATH}`, PGHOSTADDR: "127.0.0.1" },
      sessionToken: token,
    });
    const environment = {
      PATH: `${tools}:${process.env.PATH}`,
      HOME: folder,
      // npm would ask its registry.
      npm_config_update_notifier: "false",
      TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
      TF_PLUGIN_CACHE_DIR: pluginCache(project),
      ...system.aws.environment,
      AWS_ENDPOINT_URL: living.endpoint,
      FORWARD_TO: String(postgres.port),
      FORWARD_RECORD: join(folder, "record"),
      FORWARD_SECRETS: textFile(folder, "secrets.json", JSON.stringify([password, token])),
    };
    session = new Session(place, clone, environment, join(project, "artifacts", `day.${place}.txt`));
  }, 10 * minute);

  afterAll(async () => {
    session?.end();
    await living?.stop();
    await system?.aws.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, text: string) => writeFileSync(join(clone, name), text);
  const settings = (value: object) =>
    write("settings.json", JSON.stringify({ variableFiles: ["team.tfvars"], ...value }));

  function ends({ exitCode, said }: Played, code: number, ...shown: readonly (string | RegExp)[]): void {
    expect([exitCode, exitCode === code ? "" : said]).toEqual([code, ""]);
    for (const one of shown) expect(said).toMatch(one);
  }

  async function planIsEmpty(): Promise<void> {
    ends(await session.types("npm run plan"), 0, nothing);
  }

  test(
    "adopt the state of 02-app",
    async () => {
      cpSync(join(folder, "02-app", "terraform.tfvars"), join(clone, "team.tfvars"));
      const old = "--from ../02-app --hcl ../02-app --var-file team.tfvars";
      ends(await session.types(`bin/state/check ${old}`), 0, "Nothing differs.");
      ends(await session.types(`bin/state/split ${old}`), 0, "20 go to network, 36 to app");
      ends(await session.types(`bin/state/split ${old} --apply`), 0, "20 go to network, 36 to app");
      ends(await session.types("npm run plan -- --var-file team.tfvars"), 0, nothing);
      ends(await session.types("bin/deploy --var-file team.tfvars", { plain: "--yes" }), 0, nothing);
    },
    10 * minute,
  );

  test(
    "deploy a change",
    async () => {
      const { outputs } = JSON.parse(readFileSync(join(clone, "terraform.app.tfstate"), "utf8"));
      const [host] = outputs.database_endpoint.value.split(":");
      variables.db_connection_url = `postgresql://cruddur:${encodeURIComponent(password)}@${host}:${postgres.port}/cruddur`;
      write("team.tfvars", tfvars(variables));
      settings({ logs: { retentionDays: 14 } });
      const deployed = await session.types("bin/deploy", { plain: "--yes", answers: [["Apply app?", "yes"]] });
      ends(deployed, 0, "aws_cloudwatch_log_group", "aws_ssm_parameter", "Applied: app.");
      await planIsEmpty();
    },
    6 * minute,
  );

  test(
    "run a migration",
    async () => {
      const line = "bin/ecs/run backend-flask -- flask db upgrade";
      ends(await session.types(line), 0, "Running upgrade -> 1f0c, users", "flask db upgrade ended with 0");
      expect(postgres.query("select count(*) from users", "cruddur")).toBe("0");
      // A second time it fails, and so does the command.
      ends(await session.types(line), 1, 'ERROR:  relation "users" already exists', "flask db upgrade ended with 1");
    },
    3 * minute,
  );

  test(
    "look into the database",
    async () => {
      const looked = await session.types("bin/db/connect", {
        plain: "-- -X -c '\\d users'",
        answers: [
          ["cruddur=>", "\\d users"],
          ["handle", "\\q"],
        ],
      });
      ends(looked, 0, /Reaching \S+ through backend-flask in the task/, 'Table "public.users"', /^ handle +\| text/m);
    },
    3 * minute,
  );

  test(
    "break an image",
    async () => {
      wantNeverPushed(clone);
      const deployed = await session.types("bin/deploy", {
        more: "--wait --timeout 15s --interval 1s",
        plain: "--yes",
        answers: [["Apply app?", "yes"]],
      });
      ends(
        deployed,
        3,
        /task \w+ stopped: TaskFailedToStart: CannotPullContainerError: \S+\/backend-flask:2\.0: not found/,
        /^backend-flask \(backend-flask:2\) isn't steady within --timeout; it goes on in AWS\.$/m,
        /^backend-authz \(backend-authz:1\) is steady\.$/m,
      );
      ends(await session.types("bin/ecs/status"), 2, "1 of 4 services isn't steady: backend-flask.", "3 failed");
    },
    6 * minute,
  );

  test(
    "go back",
    async () => {
      const back = await session.types("bin/ecs/rollback backend-flask", {
        plain: "--yes",
        answers: [["Put backend-flask back from backend-flask:2 to backend-flask:1?", "yes"]],
      });
      ends(back, 0, /^backend-flask \(backend-flask:3\) is steady\.$/m, "The configuration still has backend-flask:2");
      ends(await session.types("bin/ecs/status"), 0, "Every service is steady.");
      ends(await session.types("npm run plan"), 2, "backend-flask  new tasks, for task_definition");
      cpSync(join(project, "additions", "services.ts"), join(clone, "additions", "services.ts"));
      const deployed = await session.types("bin/deploy", {
        more: "--wait",
        plain: "--yes",
        answers: [["Apply app?", "yes"]],
      });
      ends(deployed, 0, "Applied: app.", /^backend-flask \(backend-flask:4\) is steady\.$/m);
      await planIsEmpty();
    },
    8 * minute,
  );

  test(
    "add staging",
    async () => {
      const page = readFileSync(join(project, "docs", "environments.md"), "utf8");
      write("settings.staging.json", /```json\n(.*?)```/s.exec(page)?.[1] ?? "");
      write("staging.tfvars", tfvars({ ...variables, db_password: randomBytes(12).toString("hex") }));
      const place = { endpoint: living.endpoint, region: system.region };
      await createFunctions(place, Object.values(awsNamesOf("staging").functions));
      const chosen = "CRUDDUR_SETTINGS=settings.staging.json";
      const deployed = await session.types(`${chosen} bin/deploy`, {
        plain: "--yes",
        answers: [["Apply network, then app of staging?", "yes"]],
      });
      ends(deployed, 0, "Applied: network, app.", "https://api.staging.cruddur.example.com");
      ends(await session.types(`${chosen} bin/ecs/status`), 0, "Every service is steady.");
      ends(await session.types(`${chosen} npm run plan`), 0, nothing);
      await planIsEmpty();
    },
    10 * minute,
  );

  test("no secret was shown", () => {
    const secrets = [password, token, ...Object.values(system.secrets)];
    for (const form of secrets.flatMap(encodedForms)) expect(session.said).not.toContain(form);
  });
}
