import { parse, stringify } from "yaml";

/** The page shows who a request was from; deployed, the log of requests names no user. */
export function withLoggedUser(yaml: string): string {
  const configuration = parse(yaml);
  const logs = configuration.static_resources.listeners.flatMap((listener: never) => accessLogs(listener));
  for (const log of logs) log.user = "%REQ(X-COGNITO-USERNAME)%";
  return stringify(configuration, { lineWidth: 0, aliasDuplicateObjects: false });
}

function accessLogs(part: unknown): Record<string, string>[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === "json_format" ? [value] : accessLogs(value)));
}
