/** `terraform state …` as a person types it. */
import { shellWord } from "../../lib/shell-words";
import { terraformBinary } from "../../terraform/tool";
import type { StackId } from "../split-state";

/** How the state is reached by `terraform state`: `-chdir=../02-app`, or in front of the addresses `-state=FILE`. */
export interface StateAccess {
  readonly folder?: string;
  readonly file?: string;
}

/** The stacks' own states where they are files; others are reached in the stacks' folders. */
export type OwnStates = Partial<Record<StackId, string>>;

/** Moves an object from one stack's state to the other's: the one that gets it is written first. */
export function betweenStates(from: StackId, to: StackId, address: string, files: OwnStates): string[] {
  const move = (source: string, target: string) =>
    [terraformBinary(), "state", "mv", `-state=${source}`, `-state-out=${target}`, address, address]
      .map(shellWord)
      .join(" ");
  const [source, target] = [files[from], files[to]];
  if (source !== undefined && target !== undefined) return [move(source, target)];
  const state = (stack: StackId, rest: string) =>
    `${shellWord(terraformBinary())} -chdir=cdktf.out/stacks/${stack} state ${rest}`;
  return [
    "umask 077",
    ...[from, to].map((stack) => state(stack, `pull > ${stack}.tfstate`)),
    move(`${from}.tfstate`, `${to}.tfstate`),
    ...[to, from].map((stack) => state(stack, `push "$PWD/${stack}.tfstate"`)),
  ];
}

export function stateCommand(
  { folder, file }: StateAccess,
  verb: "mv" | "rm",
  ...addresses: readonly string[]
): string {
  const words = [
    terraformBinary(),
    ...(folder !== undefined ? [`-chdir=${folder}`] : []),
    "state",
    verb,
    ...(folder === undefined && file !== undefined ? [`-state=${file}`] : []),
    ...addresses,
  ];
  return words.map(shellWord).join(" ");
}
