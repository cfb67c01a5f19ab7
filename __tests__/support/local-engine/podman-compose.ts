import { dirname, join } from "node:path";
import { pythonToolCommand } from "../../../lib/python-tool";
import { project } from "../project";

/** The folder of podman-compose as PyPI has it, for a PATH. */
export async function podmanComposeFolder(): Promise<string> {
  const command = await pythonToolCommand(
    project,
    {
      // Never that of the PATH, which may be of another version.
      name: "podman-compose",
      command: "podman-compose",
      probe: ["--version"],
      isRight: () => false,
      requirements: join("__tests__", "support", "local-engine", "requirements.txt"),
      purpose: "the system on this machine, with podman",
    },
    () => {},
  );
  return dirname(command);
}
