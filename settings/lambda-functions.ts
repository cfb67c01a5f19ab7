/** The Lambda functions, which other deployments make. */
import * as z from "zod";
import { awsNamesOf } from "../services/aws-names";

const functionName = (what: string, usual: string) =>
  z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .meta({
      purpose: `${what}; absent: ${usual}, after the environment.`,
      allowed: "name of a deployed Lambda function",
    });

const usual = awsNamesOf().functions;

export const lambdaFunctionsSchema = z
  .strictObject({
    postConfirmation: functionName("The function that Cognito calls after a sign-up", usual.postConfirmation),
    messageStream: functionName("The function that reads the stream of the message table", usual.messageStream),
  })
  .prefault({});

export interface LambdaFunctions {
  readonly postConfirmation: string;
  readonly messageStream: string;
}

/** Their names: those of the settings, or else those of the environment. */
export function lambdaFunctionsOf({
  lambdaFunctions: { postConfirmation, messageStream },
  environment,
}: {
  readonly lambdaFunctions: z.output<typeof lambdaFunctionsSchema>;
  readonly environment?: string;
}): LambdaFunctions {
  const names = awsNamesOf(environment).functions;
  return {
    postConfirmation: postConfirmation ?? names.postConfirmation,
    messageStream: messageStream ?? names.messageStream,
  };
}
