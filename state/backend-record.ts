/**
 * The arguments of an S3 backend as an older Terraform has recorded them, by the names that today's has. Since 1.10 the old
 * ones are refused. https://developer.hashicorp.com/terraform/language/v1.6.x/upgrade-guides#changes-to-s3-state-storage
 */
import { resolve } from "node:path";

type Arguments = Readonly<Record<string, unknown>>;

/** By the old name: the block or map that it went into, and its name there. */
export const movedArguments: Readonly<Record<string, readonly [block: string, name: string]>> = {
  endpoint: ["endpoints", "s3"],
  dynamodb_endpoint: ["endpoints", "dynamodb"],
  iam_endpoint: ["endpoints", "iam"],
  sts_endpoint: ["endpoints", "sts"],
  role_arn: ["assume_role", "role_arn"],
  session_name: ["assume_role", "session_name"],
  external_id: ["assume_role", "external_id"],
  assume_role_duration_seconds: ["assume_role", "duration"],
  assume_role_policy: ["assume_role", "policy"],
  assume_role_policy_arns: ["assume_role", "policy_arns"],
  assume_role_tags: ["assume_role", "tags"],
  assume_role_transitive_tag_keys: ["assume_role", "transitive_tag_keys"],
};

export const renamedArguments: Readonly<Record<string, string>> = {
  lock_table: "dynamodb_table",
  force_path_style: "use_path_style",
  shared_credentials_file: "shared_credentials_files",
};

/** They say nothing any more. */
export const endedArguments = ["skip_get_ec2_platforms", "use_legacy_workflow"];

const files = ["shared_config_files", "shared_credentials_files", "custom_ca_bundle"];

/** Before 0.12 a record had whatever the module said, `1` and `"true"` too. */
const isBoolean = /^(encrypt|insecure|skip_.+|use_.+)$/;

/**
 * @param config of a record in `.terraform/terraform.tfstate`
 * @param folder of the module: relative paths count from there
 * @returns what is set, by today's names
 */
export function currentArguments(config: Arguments, folder: string): Arguments {
  const moved: Record<string, Record<string, unknown>> = {};
  const renamed: Record<string, unknown> = {};
  const current: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(withoutNothing(config))) {
    const [block, inner] = movedArguments[name] ?? [];
    const newName = renamedArguments[name];
    if (block !== undefined && inner !== undefined) {
      moved[block] = { ...moved[block], [inner]: inner === "duration" ? `${value}s` : value };
    } else if (newName !== undefined) {
      renamed[newName] = name === "shared_credentials_file" ? [value] : value;
    } else if (!endedArguments.includes(name)) {
      current[name] = value;
    }
  }
  const kept: Record<string, unknown> = { ...renamed, ...current };
  for (const [block, values] of Object.entries(moved)) kept[block] = { ...values, ...(kept[block] as Arguments) };
  // Without a role there was nothing to assume.
  if ((kept.assume_role as Arguments | undefined)?.role_arn === undefined) delete kept.assume_role;
  return Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, readable(name, value, folder)]));
}

function readable(name: string, value: unknown, folder: string): unknown {
  if (name === "endpoints" && isTree(value)) {
    // The AWS SDK that an older Terraform had took a host without a scheme.
    const entries = Object.entries(value).map(([one, url]) => [
      one,
      /^[a-z]+:\/\//i.test(String(url)) ? url : `https://${url}`,
    ]);
    return Object.fromEntries(entries);
  }
  if (isBoolean.test(name)) return [true, 1, "1", "true"].includes(value as never);
  if (!files.includes(name)) return value;
  const absolute = (path: unknown) => (/^~/.test(String(path)) ? path : resolve(folder, String(path)));
  return Array.isArray(value) ? value.map(absolute) : absolute(value);
}

/** Records name every argument, most of them with null; so do blocks. */
function withoutNothing(tree: Arguments): Arguments {
  const isSet = ([, value]: [string, unknown]) =>
    value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(
    Object.entries(tree)
      .filter(isSet)
      .map(([name, value]) => [name, isTree(value) ? withoutNothing(value) : value])
      .filter(([, value]) => !isTree(value) || Object.keys(value).length > 0),
  );
}

function isTree(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
