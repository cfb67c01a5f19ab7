/**
 * A port of this machine that leads to a host which only tasks reach: a session of Systems Manager through ECS Exec's agent.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 */
import { createConnection } from "node:net";
import { type SSMClient, StartSessionCommand } from "@aws-sdk/client-ssm";
import { printable } from "../../lib/printable";
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import type { ExecTarget } from "../ecs/exec-target";
import { endpointOf, plugin, pluginCall } from "../ecs/session-manager-plugin";

const documentName = "AWS-StartPortForwardingSessionToRemoteHost";

export interface Tunnel {
  readonly port: number;
  /** Settles when the session has ended, with what the plugin said. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

export interface TunnelOptions {
  readonly host: string;
  readonly port: number;
  readonly localPort: number;
  /** As the user named it; empty where none is named. */
  readonly profile: string;
}

/** @returns the tunnel when it takes connections. @throws UserError where it comes to nothing, with the plugin's own words */
export async function openTunnel(
  ssm: SSMClient,
  { cluster, taskId, runtimeId }: ExecTarget,
  { host, port, localPort, profile }: TunnelOptions,
): Promise<Tunnel> {
  const request = {
    Target: `ecs:${cluster}_${taskId}_${runtimeId}`,
    DocumentName: documentName,
    Parameters: { host: [host], portNumber: [String(port)], localPortNumber: [String(localPort)] },
  };
  const call = new StartSessionCommand(request);
  const endpoint = endpointOf(call);
  const { SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue } = await ssm.send(call);
  const session = { sessionId, streamUrl, tokenValue };
  const region = await ssm.config.region();
  const { args, environment } = pluginCall({ session, region, profile, request, endpoint: endpoint() });
  const closing = new AbortController();
  const said: string[] = [];
  let opened = () => {};
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  const running = runProcess(plugin, args, {
    environment: { ...process.env, ...environment },
    signal: closing.signal,
    graceMs: 5_000,
    onLine: (line) => {
      if (line.trim() !== "") said.push(printable(line.trim()));
      if (/Waiting for connections/i.test(line)) opened();
    },
  });
  const close = async () => {
    process.off("exit", interrupt);
    closing.abort();
    await running.catch(() => {});
  };
  const interrupt = () => closing.abort();
  // Whatever ends this process: the session must not go on without it.
  process.once("exit", interrupt);
  const ended = running.then(
    ({ exitCode }) => said.slice(-3).join(" ") || `it ended with ${exitCode} and without a word`,
  );
  const early = await Promise.race([isOpen, ended]);
  if (typeof early === "string") {
    throw new UserError(
      `The tunnel to ${host} wasn't opened: ${early.replace(/\.$/, "")}. The task must reach ${host}:${port}, its role needs the four ssmmessages permissions, and you need ssm:StartSession on the task and on the document ${documentName}.`,
    );
  }
  return { port: localPort, ended, close };
}

/** @throws UserError where somebody listens on a port of this machine already */
export async function requireFreePort(port: number): Promise<void> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
  if (isTaken) throw new UserError(`Port ${port} of this machine is taken: give another one with --port.`);
}
