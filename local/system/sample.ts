/** What takes the place of the team's checkout where the settings name none: a small backend and frontend, functions, a database. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildContext } from "../../images/context";

export function sampleFolder(project: string, name: string): string {
  return join(project, "local", "sample", name);
}

function files(folder: string, prefix: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .map((name) => [`${prefix}${name}`, readFileSync(join(folder, name), "utf8")]),
  );
}

/** By repository. The frontend has its image's files and the session's sources as a team has them: copied. */
export function sampleContexts(project: string): Readonly<Record<string, BuildContext>> {
  const context = (name: string, generated: Record<string, string>): BuildContext => ({
    name,
    folder: sampleFolder(project, name),
    dockerfile: "Dockerfile.prod",
    generated,
  });
  return {
    "backend-flask": context("backend-flask", {}),
    "frontend-react-js": context("frontend-react-js", {
      ...files(join(project, "frontend", "image"), ""),
      ...files(join(project, "frontend", "src"), "src/session/"),
    }),
  };
}
