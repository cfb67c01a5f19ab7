/** What the trial shows of the request path, over a user pool of the local AWS: that it is shown, and that a mistake is seen. */
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { project } from "../../../lib/project";
import { type LocalAws, startLocalAws } from "../../../local/aws";
import { mismatches, showRequestPath } from "../../../local/trial/path/show";
import type { TrialPool } from "../../../local/trial/path/user";

const region = "eu-west-1";
const settings = { authz: true, envoy: { denialStatus: 401 } } as const;
let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws({ project, region });
}, 60_000);
afterAll(() => aws.stop());

async function newPool(): Promise<TrialPool> {
  const { endpoint } = aws;
  const cognito = new CognitoIdentityProviderClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({ PoolName: "cruddur", UsernameAttributes: ["email"] }),
  );
  const created = await cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: "cruddur" }),
  );
  return { endpoint, region, id: UserPool?.Id ?? "", clientId: created.UserPoolClient?.ClientId ?? "" };
}

const report = () => {};

test("alice, a stranger, a forged name, an expired token and a stopped authorizer are answered as expected", async () => {
  const shown = await showRequestPath({ project, pool: await newPool(), settings, report });
  expect(shown).toEqual({
    results: [
      { what: "alice signs up, and in; with a wrong password", seen: "a token, refused" },
      { what: "alice with her token: GET, POST", seen: "200 alice, 201 alice" },
      { what: "a stranger without one: GET, POST", seen: "200 nobody, 401" },
      { what: "a stranger with a forged x-cognito-username: GET, POST", seen: "200 nobody, 401" },
      { what: "alice with an expired token: GET, POST", seen: "200 nobody, 401" },
      { what: "the authorizer stopped: alice's GET, POST; a stranger's GET", seen: "503, 503, 200 nobody" },
    ].map((result) => ({ ...result, expected: result.seen })),
    notShown: [],
    envoyLog: expect.stringMatching(/"path":"\/api\/activities\/home".*"status":200/),
  });
  expect(mismatches(shown.results)).toEqual([]);
}, 90_000);

test("without an authorizer Envoy verifies, with the status that is set", async () => {
  const other = { authz: false, envoy: { denialStatus: 403 } } as const;
  const shown = await showRequestPath({ project, pool: await newPool(), settings: other, report });
  expect(mismatches(shown.results)).toEqual([]);
  expect(shown.results.map(({ seen }) => seen)).toContain("200 nobody, 403");
  expect(shown.notShown).toEqual([expect.stringContaining("Not shown: the authorizer")]);
}, 90_000);

test("tokens of another client are a mismatch, told with what was expected and seen", async () => {
  const [pool, other] = [await newPool(), await newPool()];
  // Envoy and authorizer are for another pool than the one that alice signs up with.
  const shown = await showRequestPath({ project, pool, pathPool: other, settings, report });
  expect(mismatches(shown.results)).toEqual([
    "alice with her token: GET, POST: expected 200 alice, 201 alice, seen 200 nobody, 401",
  ]);
}, 90_000);
