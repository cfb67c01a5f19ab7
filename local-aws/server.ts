/**
 * The local AWS as a process: moto, the X-Ray stand-in and the seed. Prints one line of JSON when it is ready and ends
 * with a signal, or with its parent when that holds its standard input open.
 */
import { parseArgs } from "node:util";
import { motoCommand, startMoto } from "./moto";
import { seed } from "./seed";
import { startXrayStandIn } from "./xray-stand-in";

const { values } = parseArgs({
  options: {
    region: { type: "string", default: "us-east-1" },
    domain: { type: "string", default: "cruddur.example.com" },
    function: { type: "string", multiple: true, default: ["MessageStream", "PostUserConfirmationTrigger"] },
    detached: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const endedEarly = () => process.exit(1);
  process.once("SIGTERM", endedEarly);
  const { region, domain, function: functionNames, detached } = values;
  const command = await motoCommand(process.cwd(), (line) => console.log(JSON.stringify({ progress: line })));
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
  if (!detached) process.stdin.once("end", stop).resume();
  moto.removeAllListeners("exit").once("exit", () => process.exit(0));
  try {
    await seed({ endpoint, region, domain, functionNames });
  } catch (error) {
    stop();
    throw error;
  }
  console.log(JSON.stringify({ endpoint, xrayEndpoint, pid: process.pid }));
}

main();
