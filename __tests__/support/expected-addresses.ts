import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Every address with its instance keys that the stacks own, by stack, for a domain. */
export function expectedAddresses(domain: string): { network: string[]; app: string[] } {
  const text = readFileSync(join(__dirname, "..", "fixtures", "addresses.txt"), "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/) as [string, string]);
  const of = (stack: string) =>
    rows.filter(([owner]) => owner === stack).map(([, address]) => address.replace("DOMAIN", domain));
  return { network: of("network").sort(), app: of("app").sort() };
}
