/** Reads a plan as `terraform show -json` prints it. https://developer.hashicorp.com/terraform/internals/json-format */
import { decodedText } from "../lib/decoded-text";
import { nestingOf } from "../lib/nesting";
import { printable } from "../lib/printable";
import { shown, UserError } from "../lib/user-error";
import { type Plan, planAdvice, readPlan } from "./plan";

const zip = Buffer.from("PK");

/** Plans nest a few dozen levels deep. */
const deepest = 250;

/**
 * @param bytes content of the file
 * @param name of the file, for the errors
 * @throws UserError for what is no plan, for a plan of another format than 1.x
 */
export function planDocument(bytes: Uint8Array, name: string): Plan {
  if (zip.equals(bytes.subarray(0, zip.length))) {
    throw new UserError(`${name} is a saved plan in Terraform's own format: ${planAdvice}.`);
  }
  const text = decodedText(bytes);
  if (text?.trim() === "") throw new UserError(`${name} is empty: ${planAdvice}.`);
  const nesting = nestingOf(text ?? "");
  if (nesting > deepest) throw new UserError(`${name} is nested ${nesting} deep, which no plan is: ${planAdvice}.`);
  let value: unknown;
  try {
    value = JSON.parse(withoutWrapping(text ?? ""));
  } catch {
    // The parser's own words would quote the text.
    const log = isLog(text ?? "") ? ", but the log that `terraform plan -json` prints" : ` (${bytes.length} bytes)`;
    throw new UserError(`${name} is not JSON${log}: ${planAdvice}.`);
  }
  const { format_version: version, ...document } = (isObject(value) ? value : {}) as Record<string, unknown>;
  const isPlan = ["planned_values", "resource_changes", "errored"].some((name) => name in document);
  if (version === undefined || !isPlan) {
    throw new UserError(`${name} is JSON, but not a plan${guess(document)}: ${planAdvice}.`);
  }
  if (typeof version !== "string" || !/^1\.\d+$/.test(version)) {
    throw new UserError(
      `${name} has the format version ${printable(shown(version))}: plans of 1.x are understood, which is Terraform 1.1 and later.`,
    );
  }
  return readPlan(document, name);
}

/**
 * The plan alone, where something has printed lines around it: warnings, or the wrapper of GitHub's setup-terraform. Terraform prints
 * a plan as one line.
 */
function withoutWrapping(text: string): string {
  if (/^\s*[[{].*\s*$/.test(text) && !/\n\s*\S/.test(text)) return text;
  const lines = text.split("\n").filter((line) => line.startsWith('{"format_version":'));
  return lines.length === 1 ? (lines[0] as string) : text;
}

/** A line of JSON for each message. https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
function isLog(text: string): boolean {
  return /^\{"@level":/.test(text.trimStart());
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function guess(document: Readonly<Record<string, unknown>>): string {
  return "values" in document || "terraform_version" in document ? " (a state, it seems)" : "";
}
