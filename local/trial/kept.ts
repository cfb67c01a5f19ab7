/** A trial that goes on in the background, with a page about it, until `npm run trial -- --stop`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { askedYes, hasTerminal } from "../../lib/ask";
import { freePort } from "../../lib/free-port";
import { startOf } from "../../lib/process-identity";
import { shellWord } from "../../lib/shell-words";
import type { LocalAws } from "../aws";
import { keepPicture, type Picture } from "../page/picture";
import { servePage } from "../page/process";
import { TrialPageFolder, type TrialPageRecord } from "./page/record";

/** Asks on a terminal where nobody has said so. @returns whether the trial goes on */
export async function wantsKept(isTold: boolean, signal?: AbortSignal): Promise<boolean> {
  return isTold || (hasTerminal() && (await askedYes("Keep it running, with a page to look around?", signal)));
}

/** Beside what the page is told. */
export interface Keeping extends Omit<TrialPageRecord, "port" | "aws"> {
  readonly project: string;
  /** Of the trial. */
  readonly folder: string;
  readonly aws: LocalAws;
  /** Of Terraform. */
  readonly environment: NodeJS.ProcessEnv;
  readonly picture: Picture;
  /** The sample change's explained plan, as HTML. */
  readonly change: string;
}

/** @returns how to look around and how to end it, as lines */
export async function keepRunning(keeping: Keeping): Promise<string> {
  const { project, folder, aws, environment, picture, change, settings, ...told } = keeping;
  writeFileSync(join(folder, "environment.sh"), environmentScript(environment), { mode: 0o600 });
  const pages = new TrialPageFolder(folder);
  const port = await freePort();
  const { authz, envoy } = settings;
  const record = { ...told, settings: { authz, envoy }, port, aws: { pid: aws.pid, start: startOf(aws.pid) ?? "" } };
  pages.writeRecord(record);
  keepPicture(pages, picture);
  pages.writeChange(change);
  const url = await servePage({ project, folder: pages, entry: "local/trial/page/server.ts", port });
  await aws.keep();
  return [
    `The page:   ${url} (requests, the picture, a sample change)`,
    "Terraform:  . .trial/environment.sh",
    "            terraform -chdir=.trial/cdktf.out/stacks/app plan",
    "End it:     npm run trial -- --stop",
  ].join("\n");
}

/** A shell that reads this has the trial's variables alone, whatever it had before. */
function environmentScript(environment: NodeJS.ProcessEnv): string {
  const kept = "TF_CLI_CONFIG_FILE TF_PLUGIN_CACHE_DIR";
  return [
    "for name in $(env | sed -nE 's/^((AWS|TF)_[A-Za-z0-9_]*)=.*/\\1/p'); do",
    `  case " ${kept} " in *" $name "*) ;; *) unset "$name" ;; esac`,
    "done",
    ...Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [`export ${name}=${shellWord(value)}`],
    ),
    "",
  ].join("\n");
}
