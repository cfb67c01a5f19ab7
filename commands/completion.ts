/** Prints the script by which bash completes the commands of `bin/`. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { project } from "../lib/project";
import { shellCommand } from "../lib/shell-words";
import { completingVariable, newCommand, perform } from "./shared/command";

const command = newCommand(
  "bin/completion",
  "Prints a script for bash: it completes the options of the commands in bin/, and the names of services, containers, stacks and images.",
).addHelpText("after", "\nIn the project's folder: source <(bin/completion)");

/** Each command as it is typed: from the project's folder, and from anywhere. */
function typed(): string[] {
  const files = readdirSync(join(project, "bin"), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return files
    .map(({ parentPath, name }) => relative(project, join(parentPath, name)))
    .sort()
    .flatMap((file) => [file, `./${file}`, join(project, file)]);
}

// The command itself tells what could come next. The words go to it one a line.
perform(command, () => {
  console.log(`_cruddur_complete() {
  local IFS=$'\\n'
  COMPREPLY=($(${completingVariable}="\${COMP_WORDS[*]:1:COMP_CWORD}" "$1" 2>/dev/null))
}
complete -o default -F _cruddur_complete ${shellCommand(typed())}`);
});
