import { join } from "node:path";
import { pythonToolCommand } from "../../lib/python-tool";

/** The one that the image is based on, too (envoy/Dockerfile). */
export const envoyVersion = "1.40.0";

/** The command that starts Envoy. */
export function envoyCommand(project: string, report: (line: string) => void = () => {}): Promise<string> {
  return pythonToolCommand(
    project,
    {
      name: "envoy",
      command: "envoy",
      probe: ["--version"],
      isRight: (answer) => answer.includes(`/${envoyVersion}/`),
      requirements: join("local", "envoy", "requirements.txt"),
      purpose: "the local Envoy",
    },
    report,
  );
}
