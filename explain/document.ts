/** Reads a plan as `terraform show -json` prints it. https://developer.hashicorp.com/terraform/internals/json-format */
import * as z from "zod";
import type { Plan } from "../lib/terraform";
import { shown, UserError } from "../lib/user-error";

const object = z.record(z.string(), z.unknown());

const change = z.looseObject({
  address: z.string(),
  mode: z.enum(["managed", "data"]),
  type: z.string(),
  change: z.looseObject({
    actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])).min(1),
    before: object.nullish().transform((value) => value ?? null),
    after: object.nullish().transform((value) => value ?? null),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  }),
});

/** What is read of a plan; what it holds besides is left as it is. */
const planSchema = z.looseObject({
  resource_changes: z.array(change).optional(),
  resource_drift: z.array(change).optional(),
  output_changes: z.record(z.string(), z.looseObject({ actions: z.array(z.string()) })).optional(),
});

const howTo = "give what `terraform show -json PLANFILE` prints";

/** Text of a file that a shell has written: UTF-8, or the UTF-16 of Windows PowerShell's `>`. */
function decoded(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * @param bytes content of the file
 * @param name of the file, for the errors
 * @throws UserError for what is no plan, for a plan of another format than 1.x, and for one that failed half-way
 */
export function planDocument(bytes: Uint8Array, name: string): Plan {
  const text = decoded(bytes);
  if (text.trim() === "") throw new UserError(`${name} is empty: ${howTo}.`);
  if (text.startsWith("PK")) throw new UserError(`${name} is a saved plan in Terraform's own format: ${howTo}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words would quote the text.
    throw new UserError(`${name} is not JSON (${bytes.length} bytes): ${howTo}.`);
  }
  const { format_version: version, ...document } = (object.safeParse(value).data ?? {}) as Record<string, unknown>;
  if (version === undefined || !("planned_values" in document || "resource_changes" in document)) {
    throw new UserError(`${name} is JSON, but not a plan${guess(document)}: ${howTo}.`);
  }
  if (typeof version !== "string" || !/^1\.\d+$/.test(version)) {
    throw new UserError(
      `${name} has the format version ${shown(version)}: plans of 1.x are understood, which is Terraform 1.1 and later.`,
    );
  }
  const parsed = planSchema.safeParse(document);
  const [issue] = parsed.error?.issues ?? [];
  if (issue !== undefined) {
    throw new UserError(
      `${name} is not a whole plan: ${issue.path.join(".")} is not as Terraform writes it: ${howTo}.`,
    );
  }
  const plan = parsed.data as unknown as Plan;
  if (plan.errored === true) {
    throw new UserError(
      `${name} is a plan that failed half-way and can't be applied: mend what it told and plan again.`,
    );
  }
  return plan;
}

function guess(document: Readonly<Record<string, unknown>>): string {
  return "values" in document || "terraform_version" in document ? " (a state, it seems)" : "";
}
