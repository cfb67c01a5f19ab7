import { join } from "node:path";
import { pythonToolCommand } from "../lib/python-tool";

/** The command that looks for weaknesses in plans. https://www.checkov.io */
export function checkovCommand(project: string, report: (line: string) => void = () => {}): Promise<string> {
  return pythonToolCommand(
    project,
    {
      name: "checkov",
      command: "checkov",
      probe: ["--version"],
      isRight: (answer) => answer.trim() === "3.3.30",
      requirements: join("tools", "checkov-requirements.txt"),
      purpose: "scanning plans",
    },
    report,
  );
}
