import { jsonDocument } from "../terraform/json-document";

/** A statement of an IAM policy. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The JSON text of a policy. */
export function policyDocument(...statements: readonly PolicyStatement[]): string {
  return jsonDocument({ Version: "2012-10-17", Statement: statements });
}
