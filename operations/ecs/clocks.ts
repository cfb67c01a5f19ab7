/** What AWS will end by itself, whether or not anything is deployed. */
import { type SynthesizedStacks, text } from "../../terraform/synthesized";
import type { Finding } from "./verification";

/**
 * Databases that name a minor version: RDS retires each after some months, upgrades what runs on it by itself, and creates none of
 * it any more. https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
 */
export function retiringDatabases(stacks: SynthesizedStacks): Finding[] {
  return stacks.ofType("aws_db_instance").flatMap(({ block }) => {
    const version = text(block.engine_version);
    const [major, minor] = version.split(".");
    if (minor === undefined || version.startsWith("${")) return [];
    const detail = `${version} names a minor version, which RDS retires: it refuses to create such a database, and upgrades one that is there; "${major}" leaves the minor version to RDS (database.engineVersion)`;
    return [{ status: "warn", check: "database", subject: text(block.identifier), detail }];
  });
}
