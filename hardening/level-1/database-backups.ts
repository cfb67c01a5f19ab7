import { namesOf } from "../../constructs/environment-names";
import type { Step } from "../step";

/** RDS itself keeps one day where nobody says otherwise. */
const days = 7;

export const databaseBackups: Step = {
  name: "databaseBackups",
  sets: `Backups of the database for ${days} days, tags on its snapshots, and a last snapshot when it is deleted.`,
  plan: [
    "aws_db_instance update backup_retention_period copy_tags_to_snapshot final_snapshot_identifier skip_final_snapshot",
  ],
  effect: "Nobody notices. The database can be restored to any second of the last week.",
  cost: "low",
  costWhy: "Backups beyond the size of the database's storage.",
  needs: `An instance on which backups were switched off (0 days) restarts once. Where you keep more than ${days} days, leave the step out, or set backup_retention_period in additions/app.ts.`,
  closes: ["CKV_AWS_133", "CKV2_AWS_60"],
  back: "Leaving it out keeps the days that RDS has; set backup_retention_period in additions/app.ts for fewer.",
  apply: ({ app }) => {
    const { instance } = app.database;
    instance.backupRetentionPeriod = days;
    instance.copyTagsToSnapshot = true;
    instance.skipFinalSnapshot = false;
    instance.finalSnapshotIdentifier = `${namesOf(app).database}-final`;
  },
};
