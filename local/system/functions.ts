/** The team's Lambda functions as source files: what the local AWS runs at sign-up and for new messages. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { shown, UserError } from "../../lib/user-error";
import type { LambdaFunctions } from "../../settings/lambda-functions";
import { sampleFolder } from "./sample";

export type FunctionRole = keyof LambdaFunctions;

interface Role {
  /** Of the name of its file. */
  readonly fileName: RegExp;
  /** What happens without it. */
  readonly without: string;
}

const roles: Readonly<Record<FunctionRole, Role>> = {
  postConfirmation: {
    fileName: /post.*conf.*\.py$/i,
    without: "who signs up gets no row in the database",
  },
  messageStream: { fileName: /messag.*stream.*\.py$/i, without: "a new message doesn't reach the lists of its groups" },
};

export interface FunctionSources {
  readonly files: Readonly<Record<string, string>>;
  /** A sentence for each that isn't there. */
  readonly notes: readonly string[];
}

export interface FunctionInput {
  readonly project: string;
  readonly functions: LambdaFunctions;
  /** Folder of the team's backend; undefined for the sample's. */
  readonly backend: string | undefined;
  /** Files by the deployed function's name. */
  readonly told: ReadonlyMap<string, string>;
}

/** @throws UserError for names and files that aren't there */
export function functionSources({ project, functions, backend, told }: FunctionInput): FunctionSources {
  const names = Object.values(functions);
  const problems = [...told].flatMap(([name, file]) => {
    if (!names.includes(name)) return [`--function is for ${shown(name)}: give ${names.join(" or ")}`];
    return existsSync(file) ? [] : [`--function ${name} is ${shown(file)}, but there is no such file`];
  });
  if (problems.length > 0) throw new UserError(`${problems.join("; ")}.`);
  const folder = backend === undefined ? sampleFolder(project, "functions") : join(dirname(backend), "aws", "lambdas");
  const there = existsSync(folder) ? readdirSync(folder).sort() : [];
  const files: Record<string, string> = {};
  const notes: string[] = [];
  for (const [role, { fileName, without }] of Object.entries(roles) as [FunctionRole, Role][]) {
    const found = there.find((file) => fileName.test(file));
    const file = told.get(functions[role]) ?? (found && join(folder, found));
    if (file !== undefined) files[role] = file;
    else {
      notes.push(
        `The source of ${functions[role]} isn't in ${folder}, so ${without}: give --function ${functions[role]}=FILE.`,
      );
    }
  }
  return { files, notes };
}
