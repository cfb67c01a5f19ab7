/**
 * Synthesizes both stacks with many services besides the own ones: `tools/bench/many-services.ts COUNT OUTDIR`. Prints the
 * seconds from the first construct to the written files.
 */
import { resolve } from "node:path";
import { servicesOf } from "../../services";
import { httpPort, type ServiceDefinition } from "../../services/definition";
import { ports, stackIds } from "../../services/names";
import { settingsSchema } from "../../settings/schema";
import { AppStack } from "../../stacks/app";
import { NetworkStack } from "../../stacks/network";
import { projectApp } from "../../stacks/project-app";

const [count = "10", given = "cdktf.out"] = process.argv.slice(2);

function extra(index: number): ServiceDefinition {
  const name = `extra-${index}`;
  return {
    name,
    cpu: 256,
    memoryMiB: 512,
    containers: [
      {
        name,
        image: { repository: "backend-flask", tag: "1.0" },
        ports: [httpPort(name, ports.backend)],
        healthCheckCommand: `curl -f http://localhost:${ports.backend} || exit 1`,
        environment: ({ domain, region }) => ({ AWS_DEFAULT_REGION: region, PUBLIC_URL: `https://${name}.${domain}` }),
        secrets: ["CONNECTION_URL"],
      },
    ],
    route: { hostLabel: name, priority: 1000 + index, containerPort: ports.backend, healthCheckPath: "/health" },
  };
}

// By tsx, too, which knows no lib/project.ts: the state's folder matters not.
const outdir = resolve(given);
const started = performance.now();
const settings = settingsSchema.parse({});
const services = [...servicesOf(settings), ...Array.from({ length: Number(count) }, (_, index) => extra(index))];
const root = projectApp({ outdir });
const network = new NetworkStack(root, stackIds.network, { project: outdir, settings, services });
new AppStack(root, stackIds.app, { project: outdir, settings, services, network });
root.synth();
console.log(((performance.now() - started) / 1000).toFixed(3));
