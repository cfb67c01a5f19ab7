/**
 * The program that AWS has for the session's WebSocket, called as the AWS CLI calls it for `ecs execute-command`
 * (https://github.com/aws/aws-cli, customizations/ecs/executecommand.py).
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Session } from "@aws-sdk/client-ecs";
import { runProcess } from "../../lib/run-process";
import { shown, UserError } from "../../lib/user-error";

const plugin = "session-manager-plugin";
const installing =
  "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html";

/** The last version that takes the session, with its token, from the command line only, where every user can read it. */
const lastWithoutVariable = [1, 2, 497, 0];

/** Names the variable that the plugin reads the session from; the AWS CLI's own choice. */
export const sessionVariable = "AWS_SSM_START_SESSION_RESPONSE";

/** Whether a version, as `--version` prints it, reads the session from the environment. */
export function readsSessionFromEnvironment(version: string): boolean {
  if (!/^\d+(\.\d+){0,3}$/.test(version)) return false;
  const parts = version.split(".").map(Number);
  const first = lastWithoutVariable.findIndex((last, index) => (parts[index] ?? 0) !== last);
  return first >= 0 && (parts[first] ?? 0) > (lastWithoutVariable[first] ?? 0);
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
      `${plugin} is of version ${shown(version)}, but only after ${lastWithoutVariable.join(".")} does it keep the session's token out of the process list: update it (${installing}).`,
    );
  }
}

export interface PluginCall {
  readonly session: Session;
  readonly region: string;
  /** Empty where no profile is named. */
  readonly profile: string;
  /** `ecs:CLUSTER_TASKID_RUNTIMEID` */
  readonly target: string;
  /** URL of the service that made the session. */
  readonly endpoint: string;
}

/** Arguments and variable of the plugin. The token is in the variable alone. */
export function pluginCall({ session, region, profile, target, endpoint }: PluginCall) {
  const { sessionId, streamUrl, tokenValue } = session;
  return {
    args: [sessionVariable, region, "StartSession", profile, JSON.stringify({ Target: target }), endpoint],
    environment: { [sessionVariable]: JSON.stringify({ sessionId, streamUrl, tokenValue }) },
  };
}

/**
 * Hands the terminal to the plugin until the session ends. Keys that make signals (Ctrl-C) are the remote command's.
 * @returns the plugin's exit code; 128 and the signal's number where a signal ended it
 */
export async function runSession(call: PluginCall): Promise<number> {
  const { args, environment } = pluginCall(call);
  const ignored = ["SIGINT", "SIGQUIT", "SIGTSTP"] as const;
  const ignore = () => {};
  for (const signal of ignored) process.on(signal, ignore);
  try {
    const child = spawn(plugin, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    const forward = () => child.kill("SIGTERM");
    process.once("SIGTERM", forward);
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        process.off("SIGTERM", forward);
        resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
      });
    });
  } finally {
    for (const signal of ignored) process.off(signal, ignore);
  }
}
