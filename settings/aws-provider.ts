/** What the setting `awsProviderVersion` allows, and how the stacks are written for it. */
import { allows, meets, versionRange } from "../lib/version-range";

/** The first version with every argument in use. */
const oldest = "4.55.0";
/** From the first 6 to the first that doesn't plan to replace what has a `region`. */
const [firstOfSix, firstSafeSix] = ["6.0.0", "6.5.0"] as const;
const firstUnknown = "7.0.0";
/**
 * `key_schema` of a table's index came in 6.29.0. Until 6.36 a plan could make every index anew although nothing had
 * changed: https://github.com/hashicorp/terraform-provider-aws/pull/46442, https://github.com/hashicorp/terraform-provider-aws/pull/46602
 */
const firstKeySchema = "6.37.0";

export const awsProviderAllowed =
  'a Terraform version constraint on hashicorp/aws, from 4.55 and below 6, such as "5.100.0" or "~> 4.67", or from 6.5 and below 7, such as "~> 6.37"';

/** @returns why a constraint is refused; undefined where it isn't */
export function awsProviderProblem(constraint: string): string | undefined {
  const range = versionRange(constraint);
  if (!meets(range, "0.0.0")) return "no version satisfies it";
  if (meets(range, firstOfSix, firstSafeSix)) {
    return "it allows 6.0 to 6.4, which can plan to replace resources because of their new argument region";
  }
  if (!meets(range, oldest)) return "it allows nothing but versions before 4.55, which lack arguments in use";
  if (!meets(range, oldest, firstUnknown)) return "nothing is known of version 7";
  return undefined;
}

/** How to write what AWS provider 6 has another name for. */
export interface AwsProviderForm {
  /** The attribute of `data.aws_region` with the region's name. `name` is deprecated since 6.0; `region` came with it. */
  readonly regionAttribute: "name" | "region";
  /** How an index of a table names its keys. `hash_key` and `range_key` are deprecated since 6.29. */
  readonly indexKeys: "hash_key" | "key_schema";
}

/**
 * The form for the version that Terraform will choose: the locked one where the constraint allows it, otherwise the newest
 * that it allows, which is what `npm run lock` takes.
 * @param locked the version of the provider lock file
 */
export function awsProviderForm(constraint: string, locked?: string): AwsProviderForm {
  const range = versionRange(constraint);
  const chosen = locked !== undefined && allows(range, locked) ? versionRange(locked) : range;
  return {
    regionAttribute: meets(chosen, firstOfSix) ? "region" : "name",
    indexKeys: meets(chosen, firstKeySchema) ? "key_schema" : "hash_key",
  };
}
