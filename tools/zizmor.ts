import { join } from "node:path";
import { pythonToolCommand } from "../lib/python-tool";

/** The command that looks for what attackers could use in workflows. https://docs.zizmor.sh */
export function zizmorCommand(project: string, report: (line: string) => void = () => {}): Promise<string> {
  return pythonToolCommand(
    project,
    {
      name: "zizmor",
      command: "zizmor",
      probe: ["--version"],
      isRight: (answer) => answer.includes("1.32.0"),
      requirements: join("tools", "zizmor-requirements.txt"),
      purpose: "auditing the workflows",
    },
    report,
  );
}
