/** The options of `npm run render`, checked all at once. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { clientIdPattern, userPoolIdPattern } from "../authz/src/cognito-ids";
import { shown, UserError } from "../lib/user-error";
import { backendAuthz } from "../services/backend-authz";
import { backendFlask } from "../services/backend-flask";
import { isPublished, publishedEndpoint, type ServiceDefinition } from "../services/definition";
import { ports } from "../services/names";
import type { Endpoint, JwksLocation, RequestPath, Verification } from "./request-path";

/** As they stand on the command line; absent ones have defaults. */
export interface RenderOptions {
  readonly mode?: string;
  readonly backend?: string;
  readonly authz?: string;
  readonly jwks?: string;
  readonly pool?: string;
  readonly client?: string;
  readonly port?: string;
  readonly adminPort?: string;
  /** The folder that a relative `--jwks` counts from. @default the current one */
  readonly calledFrom?: string;
}

export const modes = ["ext_authz", "jwt_authn"] as const satisfies readonly Verification["mode"][];

export interface RenderSettings {
  readonly authz: boolean;
  readonly envoy: { readonly denialStatus: RequestPath["denialStatus"] };
  /** Whether Envoy reaches the app within its task (hardening step localBackend). @default false: by Service Connect */
  readonly localBackend?: boolean;
}

/** Containers of a task share a network interface. */
const withinTask: Endpoint = { host: "127.0.0.1", port: ports.backend };

/** What the options and settings ask for. @throws UserError with everything that is wrong */
export function requestPath(options: RenderOptions, settings: RenderSettings): RequestPath {
  const problems: string[] = [];
  const refuse = (option: string, received: string, wanted: string) =>
    problems.push(`--${option} is ${shown(received)}: give ${wanted}`);

  const port = (option: string, text: string | undefined, otherwise: number): number => {
    if (text === undefined) return otherwise;
    const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > 65_535) refuse(option, text, "a TCP port from 1 to 65535");
    return value;
  };
  const endpoint = (option: string, text: string | undefined, otherwise: Endpoint): Endpoint => {
    if (text === undefined) return otherwise;
    const [, host = "", number = ""] = /^([\w.-]+):(\d{1,5})$/.exec(text) ?? [];
    const value = { host, port: Number(number) };
    if (value.port < 1 || value.port > 65_535) {
      refuse(option, text, 'a host name or IPv4 address and a port, such as "localhost:4567"');
    }
    return value;
  };
  const only = (mode: Verification["mode"], names: readonly (keyof RenderOptions)[]) => {
    for (const name of names.filter((name) => options[name] !== undefined)) {
      problems.push(`--${name} is for the mode ${mode}: leave it out, or add --mode ${mode}`);
    }
  };
  const extAuthz = (): Verification => {
    only("jwt_authn", ["jwks", "pool", "client"]);
    return {
      mode: "ext_authz",
      authz: endpoint("authz", options.authz, deployedEndpoint(backendAuthz)),
    };
  };
  const jwtAuthn = (): Verification => {
    only("ext_authz", ["authz"]);
    const required = (option: "pool" | "client", pattern: RegExp, wanted: string): string => {
      const text = options[option];
      if (text === undefined) problems.push(`--${option} is missing: with the mode jwt_authn give ${wanted}`);
      else if (!pattern.test(text)) refuse(option, text, wanted);
      return text ?? "";
    };
    const userPoolId = required("pool", userPoolIdPattern, 'the id of the user pool, such as "eu-central-1_AbCdEf123"');
    const clientId = required("client", clientIdPattern, "the id of the pool's app client");
    const jwks =
      options.jwks === undefined ? undefined : jwksLocation(options.jwks, options.calledFrom ?? "", problems);
    return { mode: "jwt_authn", userPoolId, clientId, ...(jwks === undefined ? {} : { jwks }) };
  };

  const mode = options.mode ?? (settings.authz ? "ext_authz" : "jwt_authn");
  if (!modes.some((known) => known === mode)) refuse("mode", mode, modes.join(" or "));
  const path: RequestPath = {
    port: port("port", options.port, ports.envoy),
    adminPort: port("admin-port", options.adminPort, ports.envoyAdmin),
    backend: endpoint("backend", options.backend, settings.localBackend ? withinTask : deployedEndpoint(backendFlask)),
    verification: mode === "jwt_authn" ? jwtAuthn() : extAuthz(),
    denialStatus: settings.envoy.denialStatus,
  };
  if (path.port !== 0 && path.port === path.adminPort) {
    problems.push(`--port and --admin-port are both ${path.port}: give two different ones`);
  }
  if (problems.length > 0) {
    throw new UserError(`Wrong options:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
  return path;
}

/** Where Service Connect publishes the service itself, not a sidecar of it. */
function deployedEndpoint({ name, containers }: ServiceDefinition): Endpoint {
  const port = containers[0].ports.find(isPublished);
  if (port === undefined) throw new Error(`${name} publishes no port`);
  return publishedEndpoint(port);
}

function jwksLocation(text: string, folder: string, problems: string[]): JwksLocation | undefined {
  if (/^https?:\/\//.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url !== undefined && url.username === "" && url.password === "") return { url: url.href };
    // Not shown: it may hold a password.
    problems.push("--jwks is a URL that can't be used: give one with a host and without user and password");
    return undefined;
  }
  const file = resolve(folder, text);
  const wanted = "a file with a JSON Web Key Set, or an http(s) URL of one";
  try {
    const keys = existsSync(file) ? JSON.parse(readFileSync(file, "utf8"))?.keys : undefined;
    if (Array.isArray(keys) && keys.length > 0) return { file };
  } catch {
    // Said below.
  }
  problems.push(`--jwks is ${shown(text)}, which isn't ${existsSync(file) ? "a key set" : "there"}: give ${wanted}`);
  return undefined;
}
