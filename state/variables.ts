import { type VariableDefinition, variableDefinitions } from "../constructs/terraform/variables";

/** The values that Terraform's environment has for variables that hold secrets. */
export function tfSecrets(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (variableDefinitions as readonly VariableDefinition[])
    .filter(({ sensitive }) => sensitive)
    .flatMap(({ name }) => environment[`TF_VAR_${name}`] ?? []);
}
