/** Which `bin/svc-NAME/build-push` makes the image of which repository. */

export interface BuildScript {
  readonly repository: string;
  /** Below `images`: the folder of a team's image. */
  readonly setting?: "backendFlask" | "frontend";
}

/** By NAME. */
export const buildScripts: Readonly<Record<string, BuildScript>> = {
  authz: { repository: "authz" },
  backend: { repository: "backend-flask", setting: "backendFlask" },
  envoy: { repository: "envoy" },
  frontend: { repository: "frontend-react-js", setting: "frontend" },
  "otel-collector": { repository: "otel-collector" },
};

export function scriptPath(name: string): string {
  return `bin/svc-${name}/build-push`;
}

/** @returns the script's path; undefined for a repository that none fills */
export function scriptOf(repository: string): string | undefined {
  const name = Object.keys(buildScripts).find((one) => buildScripts[one]?.repository === repository);
  return name && scriptPath(name);
}
