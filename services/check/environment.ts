/** Names that an environment makes longer than AWS takes them. */
import { UserError } from "../../lib/user-error";
import { type AwsNames, awsNamesOf, type LimitedName, limitedNames } from "../aws-names";
import { type ServiceDefinition, targetGroupName } from "../definition";
import { repositoriesOf } from "../image-tags";

function namesOfServices(names: AwsNames, services: readonly ServiceDefinition[]): LimitedName[] {
  return [
    ...services
      .filter(({ route }) => route !== undefined)
      .map((service) => ({ what: "target group", name: names.targetGroup(targetGroupName(service)), most: 32 })),
    ...services.map(({ name }) => ({ what: "task definition family", name: names.taskFamily(name), most: 255 })),
    ...services.map(({ name }) => ({ what: "alarm", name: names.alarm(`${name}-unhealthy`), most: 255 })),
    ...repositoriesOf(services).map((name) => ({ what: "repository", name: names.repository(name), most: 256 })),
  ];
}

/** @throws UserError with every name that is too long, and how long the environment may be */
export function requireFittingNames(
  environment: string | undefined,
  services: readonly ServiceDefinition[],
): readonly ServiceDefinition[] {
  if (environment === undefined) return services;
  const names = awsNamesOf(environment);
  const all = [...limitedNames(names), ...namesOfServices(names, services)];
  const long = all.filter(({ name, most }) => name.length > most);
  if (long.length === 0) return services;
  const room = environment.length + Math.min(...long.map(({ name, most }) => most - name.length));
  const remedy =
    room > 0
      ? `give the setting environment at most ${room} characters`
      : "give the services shorter names, or a shorter targetGroupName";
  const lines = long.map(
    ({ what, name, most }) => `  - the ${what} "${name}" has ${name.length} characters: AWS takes at most ${most}`,
  );
  throw new UserError(`The environment "${environment}" makes names too long: ${remedy}.\n${lines.join("\n")}`);
}
