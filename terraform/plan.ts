/**
 * Plans as `terraform show -json` prints them, described once: the schema that reads them, and the types that it gives.
 * What isn't described here isn't read. Words (modes, actions, reasons) are open, since each release may add some.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
import * as z from "zod";
import { printable } from "../lib/printable";
import { UserError } from "../lib/user-error";

export const planAdvice = "give what `terraform show -json PLANFILE` prints";

function isValues(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The values of an object, passed on as they are: a plan has megabytes of them. */
const values = z
  .custom<Readonly<Record<string, unknown>> | null | undefined>((value) => value == null || isValues(value))
  .optional()
  .transform((value) => value ?? null);

/** What a mode that is not known here doesn't say. */
const unsaid = { actions: ["unsaid"] };

const change = z.object({
  /**
   * `no-op`, `create`, `read`, `update`, `delete`, `forget`, and what later releases add; a replacement has two:
   * `["delete", "create"]`.
   */
  actions: z
    .array(z.string())
    .readonly()
    // None at all is no word for nothing.
    .transform((actions) => (actions.length === 0 ? unsaid.actions : actions)),
  before: values,
  after: values,
  /** `true` where the value is known after the apply only, in a value of the same shape. */
  after_unknown: z.unknown().optional(),
  /** `true` where the value is sensitive, in a value of the same shape. */
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  /** Present where an `import` block brings the object in. */
  importing: z.unknown().optional(),
  /** The attributes that force the replacement of the object, each as its path. */
  replace_paths: z
    .array(z.array(z.union([z.string(), z.number()])).readonly())
    .readonly()
    .nullish(),
});

const knownModes = new Set(["managed", "data", "ephemeral"]);

const describedChange = z.object({
  address: z.string(),
  /** `managed`, `data`, `ephemeral`, and what later releases add. */
  mode: z.string(),
  type: z.string(),
  change,
  /** Where a `moved` block takes the object from. */
  previous_address: z.string().nullish(),
  /** Key of an object that a replacement has left. */
  deposed: z.string().nullish(),
  /** Why, where the action is not plain from the change: `delete_because_no_resource_config`. */
  action_reason: z.string().nullish(),
});

/** Of other modes no more than mode and address is expected. */
const resourceChange = z.preprocess((value) => {
  if (!isValues(value) || typeof value.mode !== "string" || knownModes.has(value.mode)) return value;
  return { type: "", ...value, change: isValues(value.change) && "actions" in value.change ? value.change : unsaid };
}, describedChange);

const output = z.object({
  sensitive: z
    .boolean()
    .nullish()
    .transform((value) => value === true),
  /** Absent where it is not known yet. */
  type: z.unknown().optional(),
  value: z.unknown().optional(),
});

const outputChange = z.object({
  actions: z.array(z.string()).readonly(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
});

/** What the configuration says of a resource: constants and references, by argument. */
const configuredResource = z.object({
  mode: z.string(),
  address: z.string(),
  /** Of `provider_config`; `aws.east` for an alias. */
  provider_config_key: z.string().nullish(),
  expressions: z.record(z.string(), z.unknown()).optional(),
  count_expression: z.unknown().optional(),
  for_each_expression: z.unknown().optional(),
  depends_on: z.array(z.string()).readonly().nullish(),
});

const configuredProvider = z.object({
  name: z.string().nullish(),
  alias: z.string().nullish(),
  expressions: z.record(z.string(), z.unknown()).nullish(),
});

const configuredModule = z.object({
  resources: z.array(configuredResource).readonly().nullish(),
  variables: z.record(z.string(), z.object({ sensitive: z.boolean().nullish() }).nullish()).nullish(),
  outputs: z.record(z.string(), z.object({ expression: z.unknown().optional() }).nullish()).nullish(),
  get module_calls() {
    return z
      .record(
        z.string(),
        z.object({
          module: configuredModule.nullish(),
          expressions: z.unknown().optional(),
          count_expression: z.unknown().optional(),
          for_each_expression: z.unknown().optional(),
        }),
      )
      .nullish();
  },
});

const outputs = z.record(z.string(), output).nullish();

/** Values of a module, as planned or as they were before. */
const moduleValues = z.object({
  resources: z
    .array(
      z.object({
        mode: z.string(),
        address: z.string(),
        values: z.unknown().optional(),
        sensitive_values: z.unknown().optional(),
      }),
    )
    .readonly()
    .nullish(),
  get child_modules() {
    return z.array(moduleValues).readonly().nullish();
  },
});

const stateValues = z.object({ outputs, root_module: moduleValues.nullish() });

const planSchema = z.object({
  resource_changes: z.array(resourceChange).readonly().nullish(),
  /** What others have changed since Terraform last looked: no part of what an apply does. */
  resource_drift: z.array(resourceChange).readonly().nullish(),
  output_changes: z.record(z.string(), outputChange).nullish(),
  planned_values: stateValues.nullish(),
  prior_state: z.object({ values: stateValues.nullish() }).nullish(),
  configuration: z
    .object({
      provider_config: z.record(z.string(), configuredProvider).nullish(),
      root_module: configuredModule.nullish(),
    })
    .nullish(),
  /** The values, also of sensitive variables, in clear. */
  variables: z.record(z.string(), z.object({ value: z.unknown().optional() }).nullish()).nullish(),
  /** Whether the plan is one that failed half-way. */
  errored: z.boolean().nullish(),
  /** Whether an apply would do anything at all; since Terraform 1.8. */
  applyable: z.boolean().nullish(),
  /** Whether the plan covers all that was asked for: not with `-target`, and not where something is deferred; since Terraform 1.8. */
  complete: z.boolean().nullish(),
  /** The following are read as far as they can be: none of them says what an apply does to resources. */
  deferred_changes: z.unknown().optional(),
  deferred_action_invocations: z.unknown().optional(),
  action_invocations: z.unknown().optional(),
  checks: z.unknown().optional(),
  /** The sections that are not described here, by name. */
  undescribed: z.record(z.string(), z.unknown()).optional(),
});

/** Both as they are read, and as code and tests write them. */
export type Plan = z.output<typeof planSchema>;
export type PlannedChange = z.output<typeof describedChange>;
export type PlannedOutput = z.output<typeof output>;
export type ConfiguredResource = z.output<typeof configuredResource>;

/** Sections that say nothing which isn't read elsewhere. */
const passedOver = new Set([
  "format_version",
  "terraform_version",
  "timestamp",
  "relevant_attributes",
  "proposed_unknown",
  // What HCP Terraform adds.
  "provider_format_version",
  "provider_schemas",
]);

function undescribed(document: object): Pick<Plan, "undescribed"> {
  const others = Object.entries(document).filter(([name]) => !passedOver.has(name) && !(name in planSchema.shape));
  return others.length === 0 ? {} : { undescribed: Object.fromEntries(others) };
}

/** A change within a section that is read as far as it can be. */
export function readChange(value: unknown): PlannedChange | undefined {
  return resourceChange.safeParse(value).data;
}

/** The objects of a list that may be none. */
export function objectsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isValues) : [];
}

/**
 * @param value parsed JSON of `terraform show -json`
 * @param name of the plan, for the error
 * @throws UserError with the path of the first thing that is not as Terraform writes it
 */
export function readPlan(value: unknown, name: string): Plan {
  const { data, error } = planSchema.safeParse(value);
  if (data !== undefined) return { ...data, ...undescribed(value as object) };
  const path = (error?.issues[0]?.path ?? []).join(".");
  throw new UserError(`${name} is not a whole plan: ${printable(path)} is not as Terraform writes it: ${planAdvice}.`);
}
