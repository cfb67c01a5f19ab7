import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientConfig } from "../../../operations/aws";
import { requireProfile, withoutCredentials } from "../../../operations/profile";

const folder = mkdtempSync(join(tmpdir(), "profile-"));
const before = { ...process.env };
beforeAll(() => {
  writeFileSync(
    join(folder, "config"),
    "[default]\nregion = eu-central-1\n[profile work]\nregion = x\n[profile 'two-words']\nregion = y\n[sso-session wrk]\nsso_region = z\n",
  );
  writeFileSync(join(folder, "credentials"), "[staging]\naws_access_key_id = x\naws_secret_access_key = y\n");
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  process.env.AWS_CONFIG_FILE = join(folder, "config");
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, "credentials");
  for (const name of ["PROFILE", "DEFAULT_PROFILE", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "WEB_IDENTITY_TOKEN_FILE"])
    delete process.env[`AWS_${name}`];
});
afterEach(() => {
  process.env = { ...before };
});

test.each([undefined, "default", "work", "two-words", "staging"])("%j is there", async (profile) => {
  await expect(requireProfile(profile)).resolves.toBeUndefined();
});

test("a typo is told with the profile, where it was named, and the nearest", async () => {
  await expect(requireProfile("wrok")).rejects.toThrow(
    'There is no AWS profile "wrok" (--profile) in the AWS configuration: did you mean work?',
  );
  process.env.AWS_PROFILE = "stagin";
  await expect(requireProfile(undefined)).rejects.toThrow(
    '"stagin" (AWS_PROFILE) in the AWS configuration: did you mean staging?',
  );
  await expect(requireProfile("work")).resolves.toBeUndefined();
});

test("where none is near all are told; where there is none, how to make one", async () => {
  await expect(requireProfile("prod")).rejects.toThrow("configuration: there are default, staging, two-words, work.");
  process.env.AWS_CONFIG_FILE = "/dev/null";
  process.env.AWS_SHARED_CREDENTIALS_FILE = "/dev/null";
  await expect(requireProfile("work", "the setting backend.profile")).rejects.toThrow(
    'There is no AWS profile "work" (the setting backend.profile) in the AWS configuration: there is none: make one with "aws configure".',
  );
});

test("AWS_DEFAULT_PROFILE counts where AWS_PROFILE is not set, as for the AWS CLI and Terraform", async () => {
  Object.assign(process.env, { AWS_PROFILE: "", AWS_DEFAULT_PROFILE: "wrk" });
  await expect(requireProfile(undefined)).rejects.toThrow('"wrk" (AWS_DEFAULT_PROFILE)');
  process.env.AWS_DEFAULT_PROFILE = "work";
  expect(clientConfig({}).profile).toBe("work");
  process.env.AWS_PROFILE = "staging";
  expect(clientConfig({}).profile).toBeUndefined();
});

describe("a profile that is there, and gives nothing", () => {
  const config = (text: string) => writeFileSync(join(folder, "broken"), `${text}\n[profile there]\nregion = x\n`);
  const role = "role_arn = arn:aws:iam::123456789012:role/x";
  beforeEach(() => {
    process.env.AWS_CONFIG_FILE = join(folder, "broken");
  });

  test.each([
    [
      "a source that isn't there",
      `[profile a]\n${role}\nsource_profile = ther`,
      '"ther" (source_profile), which isn\'t there: did you mean there?',
    ],
    [
      "a source of a source",
      `[profile a]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = c`,
      'The AWS profile "b" takes its credentials from "c"',
    ],
    [
      "itself",
      `[profile a]\n${role}\nsource_profile = a`,
      "The AWS profiles a → a take their credentials from each other",
    ],
    ["a circle", `[profile a]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = a`, "a → b → a"],
    [
      "a token that isn't there",
      `[profile a]\n${role}\nweb_identity_token_file = /nowhere/token`,
      "takes its token from /nowhere/token",
    ],
    ["half of a key", "[profile a]\naws_access_key_id = x", "give it aws_secret_access_key, too"],
  ])("for %s is refused before AWS is called", async (_why, text, sentence) => {
    config(text);
    await expect(requireProfile("a")).rejects.toThrow(sentence);
    // Keys of the environment go before its profile.
    Object.assign(process.env, { AWS_PROFILE: "a", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" });
    await expect(requireProfile(undefined)).resolves.toBeUndefined();
  });

  test("by its own keys it may take a role", async () => {
    config(`[profile a]\n${role}\nsource_profile = a\naws_access_key_id = x\naws_secret_access_key = y`);
    await expect(requireProfile("a")).resolves.toBeUndefined();
  });

  test.each([
    ["credential_process = /bin/false", "which takes them from its credential_process"],
    [`${role}\ncredential_source = Ec2InstanceMetadata`, "which takes them from its credential_source"],
    ["region = x", "which has neither keys nor where to take them from"],
  ])("for %j is named, and where it takes them from", async (text, why) => {
    config(`[profile a]\n${text}`);
    expect((await withoutCredentials("a"))?.message).toContain(
      `No credentials come from the AWS profile "a" (--profile), ${why}`,
    );
    expect(await withoutCredentials(undefined)).toBeUndefined();
  });

  test("the environment's token, too", async () => {
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = "/nowhere/token";
    await expect(requireProfile(undefined)).rejects.toThrow('AWS_WEB_IDENTITY_TOKEN_FILE is "/nowhere/token"');
  });
});
