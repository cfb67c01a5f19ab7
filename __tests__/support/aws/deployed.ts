/**
 * A deployed system of a test's own in a moment: both stacks are deployed once a suite, with the default settings, and the
 * local AWS is forked, with everything that it holds, for each test file that asks.
 */
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone } from "../../../lib/alone";
import { project } from "../../../lib/project";
import type { LocalAws } from "../../../local/aws";
import { startXrayStandIn, xrayContentPath } from "../../../local/aws/xray-stand-in";
import { until } from "../processes";

/** Set by deployed-setup.js: the folder of what all test files of a run share. */
export const sharedFolderVariable = "SHARED_BY_TESTS";

export interface DeployedBase {
  readonly environment: NodeJS.ProcessEnv;
  /** All of Terraform's, the secrets among them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Text of the state by stack. */
  readonly states: { readonly network: string; readonly app: string };
}

export interface Deployed extends Omit<DeployedBase, "environment"> {
  readonly aws: LocalAws;
  readonly region: string;
  /** Puts the states where the local backend of these settings looks for them. */
  writeStates(folder: string): void;
}

/** The folder's process lives until the suite's end, which deployed-setup.js sees to. */
async function base(): Promise<DeployedBase> {
  const folder = process.env[sharedFolderVariable];
  if (folder === undefined)
    throw new Error(`${sharedFolderVariable} is not set: run the test by this project's jest.config.js`);
  await alone(join(folder, "lock"), async () => {
    if (existsSync(join(folder, "pid"))) return;
    const log = openSync(join(folder, "log"), "a");
    const args = [join(project, "tools", "run.mjs"), "__tests__/support/aws/deployed-base.ts", folder];
    const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", log, log], detached: true });
    child.unref();
    writeFileSync(join(folder, "pid"), String(child.pid));
  });
  const [ready, failed] = [join(folder, "base.json"), join(folder, "failed")];
  await until(() => existsSync(ready) || existsSync(failed), "the deployed system", 8 * 60_000);
  if (existsSync(failed)) throw new Error(`The shared system could not be deployed: ${readFileSync(failed, "utf8")}`);
  return JSON.parse(readFileSync(ready, "utf8"));
}

/** @returns a copy of the deployed system that nobody else sees. Stop its `aws` in the end. */
export async function deployedSystem(): Promise<Deployed> {
  const { environment, ...rest } = await base();
  const {
    AWS_ENDPOINT_URL: original = "",
    AWS_ENDPOINT_URL_XRAY: originalXray = "",
    AWS_REGION: region = "",
  } = environment;
  const { pid, port } = (await (await fetch(`${original}/fork`, { method: "POST" })).json()) as {
    pid: number;
    port: number;
  };
  const content = (await (await fetch(originalXray + xrayContentPath)).json()) as never;
  const { endpoint: xrayEndpoint, server: xray } = await startXrayStandIn(region, content);
  const endpoint = `http://127.0.0.1:${port}`;
  const aws: LocalAws = {
    pid,
    endpoint,
    environment: { ...environment, AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_XRAY: xrayEndpoint },
    keep: async () => {},
    stop: async () => {
      xray.closeAllConnections();
      xray.close();
      process.kill(pid, "SIGKILL");
    },
  };
  return {
    ...rest,
    aws,
    region,
    writeStates: (folder) => {
      for (const [stack, text] of Object.entries(rest.states))
        writeFileSync(join(folder, `terraform.${stack}.tfstate`), text);
    },
  };
}
