/** A checkout shaped like the team's: its own Dockerfiles, database, nginx.conf and functions, in folders of its names. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../project";

export interface Checkout {
  readonly backend: string;
  readonly frontend: string;
}

const sample = (...path: string[]) => join(project, "local", "sample", ...path);

/** The sample's code stands in for the team's. */
export function teamCheckout(folder: string): Checkout {
  const [backend, frontend, lambdas] = ["backend-flask", "frontend-react-js", join("aws", "lambdas")].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  for (const name of [
    "Dockerfile",
    "Dockerfile.prod",
    "app.py",
    "database.py",
    "messages.py",
    "requirements.txt",
    "bin",
    "db",
  ]) {
    cpSync(sample("backend-flask", name), join(backend, name), { recursive: true });
  }
  cpSync(sample("frontend-react-js"), frontend, { recursive: true });
  cpSync(join(project, "frontend", "src"), join(frontend, "src", "session"), { recursive: true });
  writeFileSync(join(frontend, "nginx.conf"), "The team's own, for another image\n");
  writeFileSync(join(frontend, "Dockerfile"), "FROM node:16.18\n");
  // As docs/frontend.md says.
  cpSync(join(project, "frontend", "image"), frontend, { recursive: true });
  mkdirSync(lambdas, { recursive: true });
  cpSync(sample("functions", "post-confirmation.py"), join(lambdas, "cruddur-post-confirrmation.py"));
  cpSync(sample("functions", "message-stream.py"), join(lambdas, "cruddur-messaging-stream.py"));
  return { backend, frontend };
}
