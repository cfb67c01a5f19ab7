/** How the commands on AWS are told where it is, and how they end. */
import { type Command, Option } from "commander";
import { shown, UserError } from "../../lib/user-error";
import { type AwsOptions, awsUserError, isWithoutCredentials, requireEndpoints } from "../../operations/aws";
import { requireProfile, withoutCredentials } from "../../operations/profile";
import { type PerformOptions, perform } from "./command";

/** Adds the options that all commands on AWS have. */
export function withAwsOptions(command: Command): Command {
  return command
    .addOption(new Option("--profile <name>", "profile of the AWS configuration (default: AWS_PROFILE)"))
    .addOption(
      new Option("--region <region>", "AWS region (default: AWS_REGION, then the profile's)").argParser(regionName),
    );
}

function regionName(text: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) return text;
  throw new UserError(`--region is ${shown(text)}: give an AWS region such as "eu-central-1".`);
}

/** As `perform`; a profile must be there, and what AWS refuses is one sentence, too. */
export function performOnAws<Options extends AwsOptions>(
  command: Command,
  main: (options: Options, args: readonly string[]) => void | Promise<void>,
  { args }: Pick<PerformOptions, "args"> = {},
): void {
  const mainWithProfile = async (options: Options, words: readonly string[]) => {
    requireEndpoints();
    await requireProfile(options.profile);
    try {
      await main(options, words);
    } catch (error) {
      throw (isWithoutCredentials(error) ? await withoutCredentials(options.profile) : undefined) ?? error;
    }
  };
  perform(command, mainWithProfile, { tellers: [awsUserError], args });
}
