/**
 * Synthesizes both stacks with many services besides the own ones: `bench/many-services.ts COUNT OUTDIR`. Prints the
 * seconds from the first construct to the written files.
 */
import { App } from "cdktf";
import { servicesOf } from "../services";
import { httpPort, type ServiceDefinition } from "../services/definition";
import { ports } from "../services/names";
import { settingsSchema } from "../settings/schema";
import { AppStack } from "../stacks/app";
import { NetworkStack } from "../stacks/network";

const [count = "10", outdir = "cdktf.out"] = process.argv.slice(2);

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

const started = performance.now();
const settings = settingsSchema.parse({});
const services = [...servicesOf(settings), ...Array.from({ length: Number(count) }, (_, index) => extra(index))];
const root = new App({ outdir });
const network = new NetworkStack(root, "network", { settings, services });
new AppStack(root, "app", { settings, services, network });
root.synth();
console.log(((performance.now() - started) / 1000).toFixed(3));
