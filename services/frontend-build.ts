import { hosts } from "./names";

/** What the frontend's bundle depends on. The values can be Terraform expressions: pass them on as they are. */
export interface FrontendBuild {
  readonly domain: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
}

/** A build argument of the frontend's image: its value stays in the bundle, for everybody to read. */
export interface BuildArgument {
  readonly name: string;
  readonly value: (build: FrontendBuild) => string;
}

/** Without one of them the image is not built. */
export const frontendBuildArguments: readonly BuildArgument[] = [
  { name: "BACKEND_URL", value: ({ domain }) => `https://${hosts.api(domain)}` },
  { name: "AWS_REGION", value: ({ region }) => region },
  { name: "AWS_USER_POOLS_ID", value: ({ userPoolId }) => userPoolId },
  { name: "AWS_USER_POOLS_WEB_CLIENT_ID", value: ({ userPoolClientId }) => userPoolClientId },
  { name: "OTEL_COLLECTOR_URL", value: ({ domain }) => `https://${hosts.otelCollector(domain)}` },
];
