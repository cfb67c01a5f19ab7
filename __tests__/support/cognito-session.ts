/**
 * A user's life with the pool that the stacks deploy, by the frontend's own code and library; bundled for Node by the test.
 * Prints one line of JSON.
 */
import { CognitoIdentityProviderClient, GlobalSignOutCommand } from "@aws-sdk/client-cognito-identity-provider";
import { Amplify } from "aws-amplify";
import { confirmSignUp, signIn, signUp } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { getAccessToken, replaceAccessToken } from "../../frontend/src/session";

const {
  ENDPOINT: endpoint = "",
  POOL: userPoolId = "",
  CLIENT: userPoolClientId = "",
  REGION: region = "",
} = process.env;

const kept = new Map<string, string>();
Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: endpoint } } });
cognitoUserPoolsTokenProvider.setKeyValueStorage({
  getItem: async (key) => kept.get(key) ?? null,
  setItem: async (key, value) => void kept.set(key, value),
  removeItem: async (key) => void kept.delete(key),
  clear: async () => kept.clear(),
});

/** What the pool is asked, by operation and flow. */
const asked: string[] = [];
const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  const operation = headers.get("x-amz-target")?.replace(/^.*\./, "");
  const flow = /"AuthFlow":"(\w+)"/.exec(String(init?.body))?.[1];
  asked.push([operation, flow].filter((part) => part !== undefined).join(" "));
  if (operation !== "GetTokensFromRefreshToken") return realFetch(input, init);
  // moto has the older call alone. https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
  const { ClientId, RefreshToken } = JSON.parse(String(init?.body));
  headers.set("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth");
  const AuthParameters = { REFRESH_TOKEN: RefreshToken };
  return realFetch(input, {
    ...init,
    headers,
    body: JSON.stringify({ ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters }),
  });
};

const claims = (token: string | null) =>
  token === null ? null : JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

async function during<T>(work: () => Promise<T>): Promise<{ result: T; asked: string[] }> {
  asked.length = 0;
  const result = await work();
  return { result, asked: [...asked] };
}

async function main(): Promise<void> {
  const [username, password] = ["alice@example.com", "Passw0rd!"];
  const userAttributes = { email: username, name: "Alice", preferred_username: "alice" };
  const signedUp = await signUp({ username, password, options: { userAttributes } });
  const confirmed = await confirmSignUp({ username, confirmationCode: "123456" });
  const signedIn = await during(() => signIn({ username, password }));
  const first = await during(() => getAccessToken());
  const refreshed = await during(() => replaceAccessToken(first.result ?? ""));

  // An hour and a minute later.
  const { now } = Date;
  Date.now = () => now() + 61 * 60_000;
  const later = await during(() => getAccessToken());
  Date.now = now;

  // On another device.
  const elsewhere = new CognitoIdentityProviderClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await elsewhere.send(new GlobalSignOutCommand({ AccessToken: later.result ?? "" }));
  const afterwards = await during(() => replaceAccessToken(later.result ?? ""));
  const still = await getAccessToken();

  console.log(
    JSON.stringify({
      signUp: signedUp.nextStep.signUpStep,
      confirm: confirmed.nextStep.signUpStep,
      signIn: { step: signedIn.result.nextStep.signInStep, asked: signedIn.asked },
      first: { claims: claims(first.result), asked: first.asked },
      refreshed: { claims: claims(refreshed.result), isNew: refreshed.result !== first.result, asked: refreshed.asked },
      later: { isThere: later.result !== null, asked: later.asked },
      afterwards: { result: afterwards.result, asked: afterwards.asked },
      still,
    }),
  );
}

main();
