import { fileURLToPath } from "node:url";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { ports } from "../../services/names";

/** What the authorizer is told by its environment. */
export interface Configuration {
  readonly userPoolId: string;
  readonly clientId: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly jwks: JwksLocation;
}

/** Where the pool's public keys are: a JSON Web Key Set, https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export type JwksLocation = { readonly file: string } | { readonly url: string };

/** A variable that is missing or malformed. Its message is the one sentence to print. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Cognito's own pattern, https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html */
const clientIdPattern = /^[\w+]{1,128}$/;

/** @throws {ConfigurationError} with every variable that is missing or malformed */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const problems: string[] = [];
  // A variable that is set to nothing is what templates make of a missing value.
  const value = (name: string) => environment[name] || undefined;

  const userPoolId = value("AWS_COGNITO_USER_POOL_ID");
  if (!isUserPoolId(userPoolId)) {
    problems.push(problem("AWS_COGNITO_USER_POOL_ID", userPoolId, 'a user pool id such as "eu-central-1_AbCdEf123"'));
  }
  const clientId = value("AWS_COGNITO_USER_POOL_CLIENT_ID");
  if (clientId === undefined || !clientIdPattern.test(clientId)) {
    problems.push(problem("AWS_COGNITO_USER_POOL_CLIENT_ID", clientId, "the id of the pool's app client"));
  }
  const port = value("PORT") ?? String(ports.authz);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    problems.push(problem("PORT", port, "a TCP port from 0 (any free one) to 65535"));
  }
  const given = value("JWKS");
  const jwks = given === undefined ? { url: cognitoJwksUrl(String(userPoolId)) } : jwksLocation(given);
  if (jwks === undefined) {
    problems.push("JWKS must be a file or an http(s) URL without credentials, but is neither");
  }
  if (problems.length > 0 || userPoolId === undefined || clientId === undefined || jwks === undefined) {
    throw new ConfigurationError(`The authorizer can't start: ${problems.join("; ")}.`);
  }
  return { userPoolId, clientId, port: Number(port), jwks };
}

function problem(name: string, received: string | undefined, wanted: string): string {
  if (received === undefined) return `${name} is missing, set it to ${wanted}`;
  const text = JSON.stringify(received);
  return `${name} is ${text.length > 80 ? `${text.slice(0, 77)}...` : text}, but must be ${wanted}`;
}

function isUserPoolId(text: string | undefined): text is string {
  try {
    CognitoJwtVerifier.parseUserPoolId(text ?? "");
    return true;
  } catch {
    return false;
  }
}

function cognitoJwksUrl(userPoolId: string): string {
  return isUserPoolId(userPoolId) ? CognitoJwtVerifier.parseUserPoolId(userPoolId).jwksUri : "";
}

function jwksLocation(text: string): JwksLocation | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { file: text };
  try {
    const url = new URL(text);
    if (url.protocol === "file:") return { file: fileURLToPath(url) };
    const isPlainHttp = ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "";
    return isPlainHttp ? { url: url.href } : undefined;
  } catch {
    return undefined;
  }
}
