/** Says what saved plans would do. Reads files alone: no state, no AWS, no Terraform. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { planDocument } from "../explain/document";
import { explanation, type NamedPlan } from "../explain/explanation";
import { explanationMarkdown } from "../explain/markdown";
import { explanationText } from "../explain/text";
import { UserError } from "../lib/user-error";

const command = new Command("npm run explain --")
  .description(
    "Says what plans would do: what restarts, what is lost, who notices. Sensitive values are never printed.",
  )
  .argument(
    "<plan...>",
    "what `terraform show -json PLANFILE` prints, in the order of the applies; - for standard input",
  )
  .option("--json", "as JSON: {plans, changes, restarts, outputs, moved, imported, drift, notes, exitCode}", false)
  .option("--markdown", "as Markdown, for a comment", false)
  .addHelpText(
    "after",
    "\nExit codes:\n  0  nothing changes\n  2  changes\n  3  something is destroyed or replaced\n  1  no explanation is possible",
  );

function read(file: string): Uint8Array {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`The plan ${file} can't be read (${code}): give a file, or - for standard input.`);
  }
}

/** `app` of `plans/app.json`; the whole path where two files have the same name. */
function names(files: readonly string[]): string[] {
  const short = files.map((file) => (file === "-" ? "stdin" : basename(file).replace(/(\.plan)?\.json$/, "")));
  return short.map((name, index) => (short.indexOf(name) === short.lastIndexOf(name) ? name : (files[index] ?? name)));
}

const files = command.parse().args;
const { json, markdown } = command.opts<{ json: boolean; markdown: boolean }>();
if (json && markdown) throw new UserError("--json and --markdown are both given: give one of them.");
if (files.filter((file) => file === "-").length > 1) {
  throw new UserError("Standard input (-) is given twice: it holds one plan.");
}
const named = names(files);
const plans: NamedPlan[] = files.map((file, index) => ({
  name: named[index] ?? file,
  plan: planDocument(read(file), file === "-" ? "Standard input" : file),
}));
const explained = explanation(plans);
const text = json
  ? JSON.stringify(explained, null, 2)
  : markdown
    ? explanationMarkdown(explained)
    : explanationText(explained);
console.log(text.trimEnd());
process.exitCode = explained.exitCode;
