import { join } from "node:path";
import { project } from "../../lib/project";
import { goldenAddresses, readAddresses } from "../../tools/testing/kept-addresses";

/** Every address with its instance keys that the stacks own, by stack, for a domain. */
export function expectedAddresses(domain: string): { network: string[]; app: string[] } {
  const all = readAddresses(join(project, goldenAddresses));
  const of = (id: string) =>
    all.filter(({ stack }) => stack === id).map(({ address }) => address.replace("DOMAIN", domain));
  return { network: of("network").sort(), app: of("app").sort() };
}
