/** Runs the whole system on this machine, in containers. */
import { spawn } from "node:child_process";
import { InvalidArgumentError, Option } from "commander";
import { registeredAddresses } from "../constructs/terraform/source-files";
import { interruptedBy } from "../lib/interruption";
import { fromCaller, project } from "../lib/project";
import { report } from "../lib/report";
import { runProcess } from "../lib/run-process";
import { table } from "../lib/table";
import { UserError } from "../lib/user-error";
import { honeycombProgram } from "../local/system/bundle";
import { containerLogs, containerStatuses, isWell } from "../local/system/containers";
import { engineNames } from "../local/system/engine";
import { endPage, servePage } from "../local/system/page/process";
import { localUrl } from "../local/system/places";
import { type Declared, SystemFolder, type SystemRecord } from "../local/system/record";
import { localUsers } from "../local/system/seed";
import { userToken } from "../local/system/token";
import { down, type UpOptions, up } from "../local/system/up";
import { architecture } from "../operations/diagram/architecture";
import { dot } from "../operations/diagram/dot";
import { svgOf } from "../operations/diagram/svg";
import { servicesOf } from "../services";
import { underscored } from "../services/definition";
import { loadSettings } from "../settings/load";
import type { Settings } from "../settings/schema";
import { claimsOf } from "../stacks/register";
import { synthesizedJson } from "../stacks/synthesize";
import { variableValues } from "../terraform/variable-values";
import { newCommand, perform } from "./shared/command";
import { exitCodes } from "./shared/exit-codes";
import { listOption, type VarFileOption, varFileFlags, variableFiles } from "./shared/options";

const folder = new SystemFolder(project);
let chosen: () => Promise<void>;

/** `NAME=VALUE`, many times. */
function pairs(texts: readonly string[]): Map<string, string> {
  return new Map(texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
}

function pair(text: string): string {
  if (!/^[^=]+=.+$/.test(text)) throw new InvalidArgumentError("Give NAME=VALUE.");
  return text;
}

function portPair(text: string): string {
  const [, port = "0"] = /^[^=]+=(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) throw new InvalidArgumentError("Give NAME=PORT, such as app=3001.");
  return text;
}

interface UpFlags extends VarFileOption {
  readonly engine?: string;
  readonly subnet: string;
  readonly port: readonly string[];
  readonly context: readonly string[];
  readonly mount: readonly string[];
  readonly function: readonly string[];
}

const command = newCommand(
  "npm run local --",
  "Runs the whole system on this machine: the services that are deployed, in containers, with a local AWS, a database and a page about it.",
  {
    differs: "status: a container isn't well, or nothing runs",
    interrupted: "interrupted by Ctrl-C: `down` takes away what was started",
  },
);

command
  .command("up")
  .description("start the system, building what is missing; again after a change, it replaces what has changed")
  .addOption(new Option("--engine <name>", "the container engine (default: the first that works)").choices(engineNames))
  .addOption(listOption("--context <name=dir>", "folder of an image's Dockerfile, before the setting", { parse: pair }))
  .addOption(
    listOption(
      "--mount <name=dir>",
      "the same, for development: its Dockerfile, with the folder mounted into the container",
      {
        parse: pair,
      },
    ),
  )
  .addOption(listOption("--function <name=file>", "source of a Lambda function", { parse: pair }))
  .addOption(listOption(varFileFlags, "sign in with the team's user pool, whose ids are in this file"))
  .addOption(listOption("--port <name=port>", "another port of the loopback interface", { parse: portPair }))
  .option("--subnet <network>", "addresses of the containers", "10.89.213.0/24")
  .action((flags: UpFlags) => {
    chosen = () => start(flags);
  });

command
  .command("down")
  .description("take away containers, network and data; images stay")
  .option("--images", "remove the images that were built, too", false)
  .action((flags: { readonly images: boolean }) => {
    chosen = () => stop(flags);
  });

command
  .command("status")
  .description("how each container is")
  .option("--json", "print JSON: [{name, service, health, detail}]", false)
  .action((flags: { readonly json: boolean }) => {
    chosen = () => status(flags);
  });

command
  .command("logs")
  .description("what containers have written")
  .argument("[container...]", "names, as status shows them (default: all)")
  .option("--follow", "go on with what comes", false)
  .option("--tail <lines>", "only the last lines of each", "100")
  .action((names: readonly string[], flags: { readonly follow: boolean; readonly tail: string }) => {
    chosen = () => logs(names, flags);
  });

command
  .command("token")
  .description("print an access token of a user, valid for an hour")
  .argument("<user>", "handle or e-mail address, such as alice")
  .action((name: string) => {
    chosen = async () => console.log(await userToken(folder.requireRecord(), name));
  });

command
  .command("open")
  .description("show the page about the running system")
  .option("--no-browser", "only print its address")
  .action((flags: { readonly browser: boolean }) => {
    chosen = () => open(flags);
  });

async function userPoolOf(flags: UpFlags, settings: Settings): Promise<UpOptions["userPool"]> {
  if (flags.varFile.length === 0) return undefined;
  const names = ["cognito_user_pool_id", "cognito_user_pool_client_id"] as const;
  const values = await variableValues(names, variableFiles(flags, settings));
  const [id, clientId] = names.map((name) => values[name]);
  if (id === undefined || clientId === undefined) {
    throw new UserError(
      `--var-file gives no ${id === undefined ? names[0] : names[1]}: add it, or leave --var-file out.`,
    );
  }
  return { id, clientId };
}

function declaredServices(settings: Settings): Record<string, Declared> {
  const all = registeredAddresses(claimsOf(project, settings), project);
  const declared = servicesOf(settings).flatMap(({ name }) => {
    const found = all.find(({ address }) => address === `aws_ecs_service.${underscored(name)}`);
    return found === undefined ? [] : [[name, { address: found.address, constructPath: found.constructPath }] as const];
  });
  return Object.fromEntries(declared);
}

function folders(texts: readonly string[]): Map<string, string> {
  return new Map([...pairs(texts)].map(([name, path]) => [name, fromCaller(path)]));
}

async function start(flags: UpFlags): Promise<void> {
  const signal = interruptedBy(() => report("Interrupted: ending what is under way"));
  const { settings: given } = loadSettings({ directory: project });
  // This machine has one system, and it meets no other: under the names that the images know.
  const settings = { ...given, environment: undefined };
  const userPool = await userPoolOf(flags, settings);
  const stacks = synthesizedJson(project, settings);
  const began = Date.now();
  const record = await up(
    {
      project,
      settings,
      app: stacks.find(({ id }) => id === "app")?.json,
      declared: declaredServices(settings),
      honeycomb: await honeycombProgram(project),
      engine: flags.engine,
      subnet: flags.subnet,
      ports: Object.fromEntries([...pairs(flags.port)].map(([name, port]) => [name, Number(port)])),
      contexts: folders(flags.context),
      mounts: folders(flags.mount),
      functions: folders(flags.function),
      userPool,
      report,
      signal,
    },
    folder,
  );
  if (signal.aborted) {
    process.exitCode = exitCodes.interrupted;
    return;
  }
  folder.write("architecture.svg", await svgOf(dot(architecture(stacks)), "The stacks"));
  const page = await servePage(project, folder, record);
  report(`Up in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  console.log(welcome(record, page));
}

function welcome({ ports, userPool }: SystemRecord, page: string): string {
  const signIn =
    userPool.at === "local"
      ? `Sign in as ${localUsers.names.map((name) => `${name}@example.com`).join(" or ")}, password ${localUsers.password}; or sign up: any code confirms.`
      : `Sign in as a user of the pool ${userPool.id}.`;
  return [
    `The app:    ${localUrl(ports.app)}`,
    `The API:    ${localUrl(ports.api)}/api/activities/home`,
    `The page:   ${page} (requests, traces, containers)`,
    signIn,
    "End it:     npm run local -- down",
  ].join("\n");
}

async function stop(flags: { readonly images: boolean }): Promise<void> {
  await endPage(folder);
  const was = await down(folder, { ...flags, report });
  console.log(was ? "Everything is taken away." : "Nothing runs here.");
}

async function status({ json }: { readonly json: boolean }): Promise<void> {
  const record = folder.record();
  const statuses = record === undefined ? [] : await containerStatuses(record);
  if (json) console.log(JSON.stringify(statuses, null, 2));
  else if (record === undefined) console.log("Nothing runs here: start it with `npm run local -- up`.");
  else {
    const rows = statuses.map(({ name, service, health, detail }) => [name, service, health, detail]);
    console.log(table(["CONTAINER", "SERVICE", "STATE", "DETAIL"], rows));
  }
  process.exitCode = record !== undefined && statuses.every(isWell) ? exitCodes.done : exitCodes.differs;
}

async function logs(
  names: readonly string[],
  { follow, tail }: { readonly follow: boolean; readonly tail: string },
): Promise<void> {
  const record = folder.requireRecord();
  const known = record.containers.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`There is no container ${unknown.join(", ")} in the system: give ${known.join(", ")}.`);
  }
  if (!/^\d{1,7}$/.test(tail))
    throw new UserError(`--tail is ${JSON.stringify(tail)}: give a number of lines, such as 100.`);
  await containerLogs(record, names.length > 0 ? names : known, {
    tail,
    follow,
    onLine: (line) => console.log(line),
    signal: interruptedBy(),
  });
}

async function open({ browser }: { readonly browser: boolean }): Promise<void> {
  const url = await servePage(project, folder, folder.requireRecord());
  console.log(url);
  if (!browser || !process.stdout.isTTY) return;
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const { exitCode } = await runProcess("sh", ["-c", 'command -v "$1"', "sh", opener]);
  if (exitCode === 0)
    spawn(opener, [url], { stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
}

/** The options of each, so that one --help shows all. */
command.addHelpText("after", () =>
  command.commands
    .filter(({ options }) => options.length > 0)
    .map((one) => {
      const help = one.createHelp();
      const lines = one.options.map(
        (option) => [option.flags, command.createHelp().optionDescription(option)] as const,
      );
      const width = Math.max(...lines.map(([flags]) => flags.length));
      return [
        `\nOptions of ${help.subcommandTerm(one).split(" ")[0]}:`,
        ...lines.map(([flags, text]) => `  ${flags.padEnd(width)}  ${text}`),
      ].join("\n");
    })
    .join("\n"),
);

perform(command, () => chosen());
