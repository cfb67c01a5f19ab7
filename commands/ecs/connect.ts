/** Opens a shell, or runs another command, in a container that runs in the cluster. */
import { report } from "../../lib/report";
import { commandLine } from "../../lib/shell-words";
import { shown, UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import type { AwsOptions } from "../../operations/aws";
import { execTarget, findTask } from "../../operations/ecs/exec-target";
import { openSession } from "../../operations/ecs/execute-command";
import { requirePlugin, runSession } from "../../operations/ecs/session-manager-plugin";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { beginEcsSession } from "./session";

const defaultCommand = "/bin/bash";

const command = withAwsOptions(
  newCommand("bin/ecs/connect", "Runs a command in a container of the cluster, on this terminal (ECS Exec).", {
    done: "the session has ended; any other code is session-manager-plugin's",
    failed: "no session was opened: the error says why",
  })
    .argument("<task|service>", "a service: its newest healthy task; or a task by id, ARN or the beginning of its id")
    .argument("<container>", "name of the container, such as backend-flask or envoy")
    .argument("[command...]", `what to run (default: ${defaultCommand})`),
)
  .passThroughOptions()
  .addHelpText("after", "\nOptions come before the arguments: what follows the container is the command's own.");

performOnAws<AwsOptions>(command, async (options, [name = "", container = "", ...words]) => {
  if (words[0]?.startsWith("-")) {
    throw new UserError(`${shown(words[0])} comes after the container: give options before the service or task.`);
  }
  const { config, ecs, cluster, settings, declared } = beginEcsSession(options);
  await requireAllowedAccount(config, settings);
  const target = execTarget(await findTask(ecs, cluster, name, declared), cluster, container);
  await requirePlugin();
  report(`Connecting to ${container} in the task ${target.taskId}${target.service ? ` of ${target.service}` : ""}`);
  const line = words.length === 0 ? defaultCommand : commandLine(words);
  const profile = options.profile ?? process.env.AWS_PROFILE ?? "";
  process.exitCode = await runSession(await openSession(ecs, target, line, profile), process.stdin.isTTY === true);
});
