/** Says how what runs differs from what the stacks would deploy. Changes nothing. */
import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { Command } from "commander";
import { UserError } from "../../lib/user-error";
import { type AwsOptions, performOnAws, withAwsOptions } from "../../operations/aws";
import { deployedServices, lastPart, noSuchService, serviceNames } from "../../operations/ecs/services";
import { type TaskDefinitionDifference, taskDefinitionDifference } from "../../operations/ecs/task-definition-diff";
import { beginEcsSession } from "./session";
import { synthesized, type VariableOptions, withVariableOptions } from "./synthesized";

const exitDiffers = 2;

const command = withVariableOptions(
  withAwsOptions(
    new Command("bin/ecs/diff")
      .description(
        "Compares the task definitions that run with those that the stacks would deploy: per container image, ports, health check, environment and secrets by name. Changes nothing.",
      )
      .argument("[service...]", "only these services (default: all of the settings)")
      .option("--json", "as JSON: {services: [{service, running, differences, containers, isPartial}]}", false),
  ),
).addHelpText(
  "after",
  `
Exit codes:
  0  nothing differs
  2  something differs, or isn't deployed
  1  no comparison is possible`,
);

interface Compared extends TaskDefinitionDifference {
  readonly service: string;
  /** `FAMILY:REVISION`; null where the service isn't deployed. */
  readonly running: string | null;
}

function isSame({ running, differences, containers }: Compared): boolean {
  return running !== null && differences.length === 0 && containers.length === 0;
}

function print(services: readonly Compared[]): void {
  for (const one of services) {
    const { service, running, differences, containers } = one;
    const what = running === null ? "isn't deployed" : isSame(one) ? "same" : "differs";
    console.log(`${service}${running === null ? "" : ` (${running})`}: ${what}`);
    for (const difference of differences) console.log(`  ${difference}`);
    for (const { container, differences: own } of containers) {
      for (const difference of own) console.log(`  container ${container}: ${difference}`);
    }
  }
  if (services.some(({ isPartial }) => isPartial)) {
    console.log(
      "\nWhat depends on variables that aren't known here was not compared in full: give --var-file FILE, or TF_VAR_….",
    );
  }
}

const calledFrom = process.cwd();
performOnAws(async () => {
  const options = command.parse().opts<AwsOptions & VariableOptions & { json: boolean }>();
  const session = beginEcsSession(options);
  const { ecs, cluster, declared } = session;
  const names = command.args.length > 0 ? [...new Set(command.args)] : declared;
  const unknown = names.find((name) => !declared.includes(name));
  if (unknown !== undefined) throw noSuchService(unknown, cluster, await serviceNames(ecs, cluster), declared);
  const wanted = (await synthesized(session, options, calledFrom)).services.all();
  const deployed = await deployedServices(ecs, cluster, names);
  const services: Compared[] = [];
  for (const name of names) {
    const running = deployed.find(({ serviceName }) => serviceName === name)?.taskDefinition;
    const declaredService = wanted.find((one) => one.name === name);
    if (declaredService === undefined) throw new UserError(`The stacks have no service ${name}.`);
    if (running === undefined) {
      services.push({ service: name, running: null, differences: [], containers: [], isPartial: false });
      continue;
    }
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: running }));
    const difference = taskDefinitionDifference(taskDefinition ?? {}, declaredService);
    services.push({ service: name, running: lastPart(running), ...difference });
  }
  if (options.json) console.log(JSON.stringify({ services }, null, 2));
  else print(services);
  if (!services.every(isSame)) process.exitCode = exitDiffers;
});
