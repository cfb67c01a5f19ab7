/**
 * The program that AWS has for the session's WebSocket, called as the AWS CLI calls it for `ecs execute-command`
 * (https://github.com/aws/aws-cli, customizations/ecs/executecommand.py).
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Session } from "@aws-sdk/client-ecs";
import { printable } from "../../lib/printable";
import { runProcess } from "../../lib/run-process";
import { shown, UserError } from "../../lib/user-error";
import { isNewer } from "../../lib/version";

export const plugin = "session-manager-plugin";
const installing =
  "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html";

/** The last version that takes the session, with its token, from the command line only, where every user can read it. */
const lastWithoutVariable = "1.2.497.0";

/** Names the variable that the plugin reads the session from; the AWS CLI's own choice. */
export const sessionVariable = "AWS_SSM_START_SESSION_RESPONSE";

/** Whether a version, as `--version` prints it, reads the session from the environment. */
export function readsSessionFromEnvironment(version: string): boolean {
  return isNewer(version, lastWithoutVariable);
}

/** To be asked before a session begins: one that nobody takes stays open for a while. @throws UserError */
export async function requirePlugin(): Promise<void> {
  const { exitCode, stdout } = await runProcess(plugin, ["--version"]);
  if (exitCode === 127) {
    throw new UserError(`There is no ${plugin} on the PATH, which ECS Exec needs: install it (${installing}).`);
  }
  const version = stdout.trim();
  if (exitCode !== 0 || !readsSessionFromEnvironment(version)) {
    throw new UserError(
      `${plugin} is of version ${shown(version)}, but only after ${lastWithoutVariable} does it keep the session's token out of the process list: update it (${installing}).`,
    );
  }
}

export interface PluginCall {
  readonly session: Session;
  readonly region: string;
  /** Empty where no profile is named. */
  readonly profile: string;
  /** What the session was asked for; `Target` is `ecs:CLUSTER_TASKID_RUNTIMEID`. */
  readonly request: { readonly Target: string; readonly DocumentName?: string; readonly Parameters?: object };
  /** URL of the service that made the session. */
  readonly endpoint: string;
}

interface Place {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
}

interface SdkCommand {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: of whatever command.
    add(middleware: (next: any) => (args: any) => any, options: { step: "build"; name: string }): void;
  };
}

/**
 * Which endpoint the SDK resolves for a command: only the request knows.
 * @returns its URL, once the command was sent
 */
export function endpointOf(command: SdkCommand): () => string {
  let endpoint = "";
  command.middlewareStack.add(
    (next) => (args) => {
      const { protocol, hostname, port } = args.request as Place;
      endpoint = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      return next(args);
    },
    { step: "build", name: "endpointOfSession" },
  );
  return () => endpoint;
}

/** Arguments and variable of the plugin. The token is in the variable alone. */
export function pluginCall({ session, region, profile, request, endpoint }: PluginCall) {
  const { sessionId, streamUrl, tokenValue } = session;
  return {
    args: [sessionVariable, region, "StartSession", profile, JSON.stringify(request), endpoint],
    environment: { [sessionVariable]: JSON.stringify({ sessionId, streamUrl, tokenValue }) },
  };
}

/** What the plugin prints when it gives up, though its exit code may be 0 then. */
const givesUp = /Cannot perform start session: (.+)\s*$/;

/**
 * Hands the terminal to the plugin until the session ends. Keys that make signals (Ctrl-C) are the remote command's.
 * @param onTerminal whether the standard input is one. Of another the plugin reads the end as a failure of the session, tells
 * it on its standard output, and ends with 0
 * @returns the plugin's exit code; 128 and the signal's number where a signal ended it
 * @throws UserError where the plugin gave up with 0
 */
export async function runSession(call: PluginCall, onTerminal: boolean): Promise<number> {
  const { args, environment } = pluginCall(call);
  const ignored = ["SIGINT", "SIGQUIT", "SIGTSTP"] as const;
  const ignore = () => {};
  for (const signal of ignored) process.on(signal, ignore);
  try {
    const child = spawn(plugin, args, {
      stdio: ["inherit", onTerminal ? "inherit" : "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    let end = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      process.stdout.write(bytes);
      end = (end + bytes.toString("latin1")).slice(-1000);
    });
    const forward = () => child.kill("SIGTERM");
    process.once("SIGTERM", forward);
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        process.off("SIGTERM", forward);
        resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
      });
    });
    const [, why] = givesUp.exec(end) ?? [];
    if (exitCode === 0 && why !== undefined)
      throw new UserError(`${plugin} gave up (${printable(why)}): ${withoutTerminal(why)}`);
    return exitCode;
  } finally {
    for (const signal of ignored) process.off(signal, ignore);
  }
}

function withoutTerminal(why: string): string {
  return /\bEOF\b/.test(why)
    ? "its input ended before the session did, so the command may not have run. Call it from a terminal, or keep the input open until the command is done: (sleep 60) | bin/ecs/connect …"
    : "its own words are above.";
}
