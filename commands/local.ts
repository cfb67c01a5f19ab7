/** Runs the whole system on this machine, in containers. */
import { spawn } from "node:child_process";
import { InvalidArgumentError, Option } from "commander";
import { interruptedBy } from "../lib/interruption";
import { project } from "../lib/project";
import { report } from "../lib/report";
import { runProcess } from "../lib/run-process";
import { table } from "../lib/table";
import { UserError } from "../lib/user-error";
import { endPage, servePage } from "../local/page/process";
import { containerLogs, containerStatuses, isWell } from "../local/system/containers";
import { down } from "../local/system/down";
import { engineNames } from "../local/system/engine";
import { SystemFolder } from "../local/system/record";
import { userToken } from "../local/system/token";
import { newCommand, perform } from "./shared/command";
import { exitCodes } from "./shared/exit-codes";
import { pageOf, startSystem, type UpFlags } from "./shared/local-up";
import { listOption, varFileFlags } from "./shared/options";

const folder = new SystemFolder(project);
let chosen: () => Promise<void>;

function pair(text: string): string {
  if (!/^[^=]+=.+$/.test(text)) throw new InvalidArgumentError("Give NAME=VALUE.");
  return text;
}

function portPair(text: string): string {
  const [, port = "0"] = /^[^=]+=(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) throw new InvalidArgumentError("Give NAME=PORT, such as app=3001.");
  return text;
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
    chosen = () => startSystem(flags, folder);
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
  const url = await servePage(pageOf(folder, folder.requireRecord()));
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
