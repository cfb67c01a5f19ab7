import { join } from "node:path";
import { pythonToolCommand } from "../lib/python-tool";

/** The command that lints Dockerfiles. https://github.com/hadolint/hadolint */
export function hadolintCommand(project: string, report: (line: string) => void = () => {}): Promise<string> {
  return pythonToolCommand(
    project,
    {
      name: "hadolint",
      command: "hadolint",
      probe: ["--version"],
      requirements: join("tools", "hadolint-requirements.txt"),
      purpose: "linting the Dockerfiles",
    },
    report,
  );
}
