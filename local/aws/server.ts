/**
 * The local AWS as a process: moto, the X-Ray stand-in and the seed. Prints one line of JSON when it is ready and ends
 * with a signal, or with its standard input: unless something came by it.
 */
import { parseArgs } from "node:util";
import { project } from "../../lib/project";
import { motoCommand, startMoto } from "./moto";
import { seed } from "./seed";
import { startXrayStandIn } from "./xray-stand-in";

const { values } = parseArgs({
  options: {
    region: { type: "string", default: "us-east-1" },
    domain: { type: "string", default: "cruddur.example.com" },
    function: { type: "string", multiple: true, default: ["MessageStream", "PostUserConfirmationTrigger"] },
  },
});

async function main(): Promise<void> {
  const endedEarly = () => process.exit(1);
  process.once("SIGTERM", endedEarly);
  const { region, domain, function: functionNames } = values;
  const command = await motoCommand(project, (line) => console.log(JSON.stringify({ progress: line })));
  const { endpoint, child: moto } = await startMoto(command);
  const { endpoint: xrayEndpoint, server: xray } = await startXrayStandIn(region);
  const stop = () => {
    xray.close();
    moto.once("exit", () => process.exit(0));
    if (!moto.kill("SIGTERM")) process.exit(0);
    setTimeout(() => moto.kill("SIGKILL"), 5_000).unref();
  };
  process.off("SIGTERM", endedEarly);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdin.once("end", stop).once("data", () => process.stdin.off("end", stop));
  moto.once("exit", () => process.exit(0));
  try {
    await seed({ endpoint, region, domain, functionNames });
  } catch (error) {
    stop();
    throw error;
  }
  console.log(JSON.stringify({ endpoint, xrayEndpoint, pid: process.pid }));
}

main().catch((error: Error) => {
  // What the local AWS refuses has AWS's form; its place in the SDK helps nobody.
  const refused =
    "$metadata" in error
      ? `the local AWS refuses what is there before the stacks: ${error.name}: ${error.message}`
      : undefined;
  console.log(
    JSON.stringify({ failure: refused ?? (error.name === "UserError" ? error.message : String(error.stack)) }),
  );
  process.exitCode = 1;
});
