/** What is told of stacks that can't be planned. */
import { UserError } from "../../lib/user-error";
import { missingVariables } from "../../terraform/missing-variables";
import { type StackFolder, stackDocument } from "../../terraform/remote-states";
import { toolName } from "../../terraform/tool";

/** What may be behind an output that isn't there. */
function hint(stack: StackFolder, stderr: string): string {
  const read = Object.keys(stackDocument(stack).data?.terraform_remote_state ?? {});
  const isOfOutputs = /^[│\s]*Error: (Invalid index|Unsupported attribute|Unable to find remote state)/m.test(stderr);
  if (read.length === 0 || !isOfOutputs) return "";
  const others = read.join(" and ");
  return ` (${stack.id} reads outputs of ${others}: where ${others} has changes that aren't applied yet, plan both)`;
}

/** What Terraform said of a stack that it could not plan. */
export class PlanFailure extends UserError {
  constructor(
    stack: StackFolder,
    readonly stderr: string,
  ) {
    super(`The plan of ${stack.id} failed${hint(stack, stderr)}. ${toolName()} says:\n${stderr.trim()}`);
  }
}

export function isOfVariables(error: unknown): boolean {
  return error instanceof PlanFailure && missingVariables(error.stderr) !== undefined;
}

const giving = "give --var-file FILE, name the file in the setting variableFiles, or set TF_VAR_NAME";

/** All failures as one error. */
export function failureOf(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (!failures.every((failure) => failure instanceof PlanFailure)) return first;
  const missing = failures.map(({ stderr }) => missingVariables(stderr));
  const names = [...new Set(missing.flatMap((some) => some ?? []))];
  if (missing.every((some) => some !== undefined)) {
    const [one, many] = names.length === 1 ? ["variable", "has"] : ["variables", "have"];
    return new UserError(`The ${one} ${names.join(", ")} ${many} no value: ${giving}.`);
  }
  return new UserError(failures.map(({ message }) => message).join("\n"));
}
