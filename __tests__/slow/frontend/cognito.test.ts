/**
 * The user pool and client that the app stack deploys let a session be refreshed: made by the real Terraform and AWS provider on
 * the local AWS, used by the frontend's own code.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../local/aws";
import { tfVariables } from "../../../local/trial/sample-variables";
import { Terraform } from "../../../terraform/terraform";
import { makeStacks } from "../../../tools/testing";
import { bundled } from "../../support/frontend";
import { project } from "../../support/project";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "cognito-"));
// moto takes requests without a signature for this region's.
const region = "us-east-1";
let aws: LocalAws | undefined;
// biome-ignore lint/suspicious/noExplicitAny: what the script prints.
let said: any;

beforeAll(async () => {
  aws = await startLocalAws({ project, region });
  const { root } = makeStacks({ outdir: join(folder, "cdktf.out"), settings: { backend: { directory: folder } } });
  root.synth();
  const app = new Terraform(join(folder, "cdktf.out", "stacks", "app"), {
    environment: { ...aws.environment, ...tfVariables() },
  });
  await app.init();
  const targets = ["-target=aws_cognito_user_pool_client.cruddur", "-target=aws_cognito_user_pool.cruddur"];
  const applied = await app.attempt("apply", "-input=false", "-no-color", "-auto-approve", ...targets);
  if (applied.exitCode !== 0) throw new Error(applied.stderr);
  const shown = JSON.parse((await app.attempt("show", "-json")).stdout);
  const ids = Object.fromEntries(
    shown.values.root_module.resources.map(({ type, values }: { type: string; values: { id: string } }) => [
      type,
      values.id,
    ]),
  );

  const script = join(folder, "session.cjs");
  writeFileSync(script, await bundled("cognito-session.ts", { platform: "node" }));
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, [script], {
    environment: {
      PATH: process.env.PATH,
      ENDPOINT: aws.endpoint,
      REGION: region,
      POOL: ids.aws_cognito_user_pool,
      CLIENT: ids.aws_cognito_user_pool_client,
    },
  });
  if (exitCode !== 0) throw new Error(stderr);
  said = JSON.parse(stdout);
}, 5 * minute);

afterAll(async () => {
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a user signs up by e-mail address, and confirms by a code", () => {
  expect([said.signUp, said.confirm]).toEqual(["CONFIRM_SIGN_UP", "DONE"]);
});

test("signs in by a proof of the password, which is never sent", () => {
  expect(said.signIn).toEqual({ step: "DONE", asked: ["InitiateAuth USER_SRP_AUTH", "RespondToAuthChallenge"] });
});

test("gets an access token for an hour, and a new one on request", () => {
  const { exp, iat, token_use } = said.first.claims;
  expect([token_use, exp - iat, said.first.asked]).toEqual(["access", 3600, []]);
  expect(said.refreshed).toMatchObject({
    isNew: true,
    claims: { token_use: "access", username: said.first.claims.username },
  });
});

test("gets a new one when the old has expired", () => {
  expect(said.later).toEqual({ isThere: true, asked: said.refreshed.asked });
  expect(said.refreshed.asked.length).toBe(1);
});

test("a refresh after a global sign-out fails, and the session has ended", () => {
  expect(said.afterwards).toEqual({ result: null, asked: said.refreshed.asked });
  expect(said.still).toBeNull();
});
