/** What becomes of an RDS instance. */
import type { Consequence, Update, Values } from "./downtime";

const rds = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** Arguments of a database instance that restart it. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html */
const restartsDatabase = new Set([
  "ca_cert_identifier",
  "db_subnet_group_name",
  "engine_version",
  "identifier",
  "instance_class",
  "option_group_name",
  "port",
  "storage_type",
]);

export function databaseUpdate({ before, after, names }: Update): Consequence {
  const source = `${rds}/USER_ModifyInstance.Settings.html`;
  const backupsSwitched =
    names.includes("backup_retention_period") &&
    Number(before.backup_retention_period) * Number(after.backup_retention_period) === 0;
  const restarting = names.filter((name) => restartsDatabase.has(name));
  if (backupsSwitched) restarting.push("backup_retention_period");
  if (names.includes("parameter_group_name") && restarting.length === 0) {
    return {
      downtime: "none",
      text: "static parameters of the new group wait for a reboot that you start yourself",
      source,
    };
  }
  if (restarting.length === 0) return { downtime: "none", text: "the database goes on", source };
  const what = `${restarting.join(", ")}: RDS restarts the database, some minutes without it`;
  return after.apply_immediately === true
    ? { downtime: "short", text: `${what}, right at the apply (apply_immediately)`, source }
    : {
        downtime: "short",
        text: `${what}, in the next maintenance window and not at the apply (apply_immediately is not set)`,
        source: `${rds}/USER_ModifyInstance.ApplyImmediately.html`,
      };
}

export function databaseLost(before: Values): Consequence {
  const snapshot =
    before.skip_final_snapshot === true
      ? "no final snapshot is taken (skip_final_snapshot)"
      : "a final snapshot is taken, from which a new instance can be restored";
  return {
    downtime: "outage",
    text: `all data in it; ${snapshot}; automated backups go with it unless they are retained`,
    source: `${rds}/USER_DeleteInstance.html`,
  };
}
