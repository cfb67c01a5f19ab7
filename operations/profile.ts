import { existsSync } from "node:fs";
import { suggestion } from "../lib/nearest";
import { shown, UserError } from "../lib/user-error";

/** Sections of the configuration that are no profiles. */
const otherSection = /^(sso-session|services)\./;

type Profile = Readonly<Record<string, string | undefined>>;

/** The profile that the environment names, as the AWS CLI and Terraform's provider take it, too. */
export function environmentProfile(): { readonly name: string; readonly by: string } | undefined {
  for (const by of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    const name = process.env[by];
    if (name) return { name, by };
  }
  return undefined;
}

/** All profiles of the AWS configuration, by name. */
async function profiles(): Promise<ReadonlyMap<string, Profile>> {
  const { loadSharedConfigFiles } = require("@smithy/core/config") as typeof import("@smithy/core/config");
  // Another process, or a test, may have written them.
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])];
  return new Map(
    names
      .filter((name) => !otherSection.test(name))
      .sort()
      .map((name) => [name, { ...configFile[name], ...credentialsFile[name] }]),
  );
}

/**
 * Refuses a profile that isn't there, or that takes its credentials from what isn't. The SDK would go on to the next source of
 * credentials, a machine's role for instance, or say that there are none.
 * @param profile as it was named, and by what: `--profile`, `the setting backend.profile`. @default what the environment names
 */
export async function requireProfile(profile: string | undefined, by = "--profile"): Promise<void> {
  const { name, by: origin } = profile ? { name: profile, by } : (environmentProfile() ?? {});
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_WEB_IDENTITY_TOKEN_FILE: token } = process.env;
  // Keys go before whatever the environment's profile says.
  const hasKeys = !profile && Boolean(key && secret);
  if (name === undefined && !hasKeys && token && !existsSync(token)) {
    throw new UserError(`AWS_WEB_IDENTITY_TOKEN_FILE is ${shown(token)}, and there is no such file.`);
  }
  if (name === undefined) return;
  const known = await profiles();
  if (!known.has(name)) {
    if (name === "default") return;
    const all = [...known.keys()];
    const there = all.length === 0 ? 'there is none: make one with "aws configure"' : `there are ${all.join(", ")}`;
    throw new UserError(
      `There is no AWS profile ${shown(name)} (${origin}) in the AWS configuration: ${suggestion(name, all, `${there}.`)}`,
    );
  }
  if (!hasKeys) refuseBrokenSource(name, known);
}

function refuseBrokenSource(first: string, known: ReadonlyMap<string, Profile>): void {
  const seen: string[] = [];
  let name: string | undefined = first;
  while (name !== undefined) {
    seen.push(name);
    const profile: Profile = known.get(name) ?? {};
    const what = `The AWS profile ${shown(name)}`;
    const token = profile.web_identity_token_file;
    if (token !== undefined && !existsSync(token)) {
      throw new UserError(
        `${what} takes its token from ${token} (web_identity_token_file), and there is no such file.`,
      );
    }
    if ((profile.aws_access_key_id === undefined) !== (profile.aws_secret_access_key === undefined)) {
      const absent = profile.aws_access_key_id === undefined ? "aws_access_key_id" : "aws_secret_access_key";
      throw new UserError(`${what} has half of a key: give it ${absent}, too ("aws configure --profile ${name}").`);
    }
    const source = profile.role_arn === undefined ? undefined : profile.source_profile;
    // A profile may take its role by its own keys.
    if (source === undefined || (source === name && profile.aws_access_key_id !== undefined)) return;
    if (!known.has(source)) {
      const near = suggestion(source, [...known.keys()], `there are ${[...known.keys()].join(", ")}.`);
      throw new UserError(
        `${what} takes its credentials from ${shown(source)} (source_profile), which isn't there: ${near}`,
      );
    }
    if (seen.includes(source)) {
      throw new UserError(`The AWS profiles ${[...seen, source].join(" → ")} take their credentials from each other.`);
    }
    name = source;
  }
}

/** Where a profile takes credentials from, as its arguments are called. */
const sources = [
  "credential_process",
  "sso_session",
  "sso_start_url",
  "credential_source",
  "source_profile",
  "role_arn",
];

/**
 * What to say where a profile has given no credentials: the SDK goes on to other sources, and says no word on why.
 * @returns undefined where no profile was named
 */
export async function withoutCredentials(profile: string | undefined): Promise<UserError | undefined> {
  const { name, by } = profile ? { name: profile, by: "--profile" } : (environmentProfile() ?? {});
  if (name === undefined) return undefined;
  const { [name]: found = {} } = Object.fromEntries(await profiles());
  const source = sources.find((one) => found[one] !== undefined);
  const why =
    source === undefined ? "which has neither keys nor where to take them from" : `which takes them from its ${source}`;
  return new UserError(
    `No credentials come from the AWS profile ${shown(name)} (${by}), ${why}: see what "aws sts get-caller-identity --profile ${name}" says, or name another one with --profile.`,
  );
}
