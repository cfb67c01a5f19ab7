/** What AWS, or Terraform half-way through an apply, would refuse of the list of services; told at synth, all at once. */
import { shown, UserError } from "../../lib/user-error";
import { ownSecretsOf, type ServiceDefinition, secretVariable } from "../definition";
import { secretNames } from "../names";
import { containerProblems } from "./containers";
import { imageProblems } from "./images";
import { nameProblems } from "./names";
import { routeProblems } from "./route";
import { sizeProblem } from "./size";
import { twice, uniquesOf } from "./uniques";

function secretProblems({ name, containers }: ServiceDefinition, known: readonly string[]): string[] {
  return containers.flatMap(({ name: container, secrets = [] }) =>
    secrets
      .filter((secret) => !known.includes(secret))
      .map(
        (secret) =>
          `${name}'s ${container} has the secret ${shown(secret)}: give one of ${known.join(", ")}, or declare it in ownSecrets`,
      ),
  );
}

/** @returns what is wrong with a list of services, a sentence each, with service and value */
export function serviceProblems(services: readonly ServiceDefinition[]): string[] {
  const own = ownSecretsOf(services);
  const taken = own.filter((secret) => (secretNames as readonly string[]).includes(secret));
  const known = [...secretNames, ...own];
  // Of a list that no type checker has seen: nothing else can be said of such a service.
  const empty = services.filter(({ containers }) => containers.length === 0);
  const whole = services.filter((service) => !empty.includes(service));
  const problems = [
    ...empty.map(({ name }) => `${name} has no containers: give it one`),
    ...whole.flatMap((service) => [
      ...nameProblems(service),
      ...containerProblems(service),
      ...sizeProblem(service),
      ...routeProblems(service),
      ...secretProblems(service, known),
    ]),
    ...imageProblems(whole),
    ...twice(whole.flatMap(uniquesOf)),
    ...taken.map(
      (secret) =>
        `the own secret ${shown(secret)} is one that the stacks have (${secretVariable(secret)}): give another name`,
    ),
  ];
  return [...new Set(problems)];
}

/** @throws UserError with all that is wrong */
export function requireValid(services: readonly ServiceDefinition[]): readonly ServiceDefinition[] {
  const problems = serviceProblems(services);
  if (problems.length === 0) return services;
  throw new UserError(`Wrong services:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
}
