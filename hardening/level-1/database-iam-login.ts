import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html */
export const databaseIamLogin: Step = {
  name: "databaseIamLogin",
  sets: "The database also takes short-lived tokens of IAM in place of a password.",
  plan: ["aws_db_instance update iam_database_authentication_enabled"],
  effect:
    "Nobody notices: a role of the database must be granted rds_iam before it can use it, and passwords go on working.",
  cost: "none",
  closes: ["CKV_AWS_161"],
  apply: ({ app }) => {
    app.database.instance.iamDatabaseAuthenticationEnabled = true;
  },
};
