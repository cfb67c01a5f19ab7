/** Says what saved plans would do. Reads files alone: no state, no AWS, no Terraform; for --report the stacks, too. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { printableJson } from "../lib/printable";
import { fromCaller } from "../lib/project";
import { UserError } from "../lib/user-error";
import type { NamedPlan } from "../operations/explain/explained";
import { explanation } from "../operations/explain/explanation";
import { explanationMarkdown } from "../operations/explain/markdown";
import { explanationText } from "../operations/explain/text";
import { planDocument } from "../terraform/plan-document";
import { newCommand, perform } from "./shared/command";
import { withJson } from "./shared/options";
import { type ReportOption, requireReportable, withReport, writeReport } from "./shared/plan-report";

interface Options extends ReportOption {
  readonly json: boolean;
  readonly markdown: boolean;
}

const command = withReport(
  withJson(
    newCommand(
      "npm run explain --",
      "Explains what plans would do: what restarts, what is lost, who notices. Never prints sensitive values.",
      {
        done: "nothing changes",
        failed: "no explanation is possible: the error says why",
        differs: "something changes",
        destroys: "something is destroyed or replaced",
      },
    ).argument(
      "<plan...>",
      "what `terraform show -json PLANFILE` prints, in the order of the applies; - for standard input",
    ),
    "{plans, changes, restarts, outputs, moved, imported, invoked, deferred, undescribed, drift, failed, notes, exitCode}",
  ).option("--markdown", "print Markdown, for a comment", false),
);

function read(file: string): Uint8Array {
  try {
    return readFileSync(file === "-" ? 0 : fromCaller(file));
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

perform<Options>(command, async (options, files) => {
  const { json, markdown } = options;
  requireReportable(options);
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
    ? printableJson(JSON.stringify(explained, null, 2))
    : markdown
      ? explanationMarkdown(explained)
      : explanationText(explained);
  console.log(text.trimEnd());
  await writeReport(options, explained);
  process.exitCode = explained.exitCode;
});
