/** `npm run local -- up`: from its options to a running system with its page. */
import { registeredAddresses } from "../../constructs/terraform/source-files";
import { interruptedBy } from "../../lib/interruption";
import { fromCaller, project } from "../../lib/project";
import { report } from "../../lib/report";
import { UserError } from "../../lib/user-error";
import { keepPicture } from "../../local/page/picture";
import { type PageProcess, servePage } from "../../local/page/process";
import { honeycombProgram } from "../../local/system/bundle";
import { localUrl } from "../../local/system/places";
import type { Declared, SystemFolder, SystemRecord } from "../../local/system/record";
import { localUsers } from "../../local/system/seed";
import { type UpOptions, up } from "../../local/system/up";
import { servicesOf } from "../../services";
import { underscored } from "../../services/definition";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import { claimsOf } from "../../stacks/register";
import { synthesizedJson } from "../../stacks/synthesize";
import { variableValues } from "../../terraform/variable-values";
import { exitCodes } from "./exit-codes";
import { type VarFileOption, variableFiles } from "./options";
import { pictureOf } from "./picture";

export interface UpFlags extends VarFileOption {
  readonly engine?: string;
  readonly subnet: string;
  readonly port: readonly string[];
  readonly context: readonly string[];
  readonly mount: readonly string[];
  readonly function: readonly string[];
}

/** `NAME=VALUE`, many times. */
function pairs(texts: readonly string[]): Map<string, string> {
  return new Map(texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
}

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

export async function startSystem(flags: UpFlags, folder: SystemFolder): Promise<void> {
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
  keepPicture(folder, await pictureOf(stacks, settings));
  const page = await servePage(pageOf(folder, record));
  report(`Up in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  console.log(welcome(record, page));
}

export function pageOf(folder: SystemFolder, { ports }: SystemRecord): PageProcess {
  return { project, folder, entry: "local/system/page/server.ts", port: ports.page ?? 0 };
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
