/** ECS Exec: a session with a command in a container, for session-manager-plugin to join. */
import { type ECSClient, ExecuteCommandCommand } from "@aws-sdk/client-ecs";
import { UserError } from "../../lib/user-error";
import type { ExecTarget } from "./exec-target";
import { endpointOf, type PluginCall } from "./session-manager-plugin";

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
 * @param command a command line, which the container's agent splits into words
 * @param profile as the user named it; empty where none is named
 */
export async function openSession(
  ecs: ECSClient,
  { cluster, taskId, taskArn, container, runtimeId }: ExecTarget,
  command: string,
  profile: string,
): Promise<PluginCall> {
  const call = new ExecuteCommandCommand({ cluster, task: taskArn, container, interactive: true, command });
  const endpoint = endpointOf(call);
  const { session } = await ecs.send(call);
  if (session === undefined) throw new UserError("AWS opened no session, and gives no reason: try again.");
  const request = { Target: `ecs:${cluster}_${taskId}_${runtimeId}` };
  return { session, region: await ecs.config.region(), profile, request, endpoint: endpoint() };
}
