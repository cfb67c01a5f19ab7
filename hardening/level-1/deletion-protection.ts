import type { Step } from "../step";

/** AWS itself refuses to delete the load balancer and the database, whoever asks. */
export const deletionProtection: Step = {
  name: "deletionProtection",
  sets: "Deletion protection of the load balancer and the database.",
  plan: ["aws_db_instance update deletion_protection", "aws_lb update enable_deletion_protection"],
  effect: "Nobody notices. Deleting either takes two deployments: one that lifts the protection, one that deletes.",
  cost: "none",
  closes: ["CKV_AWS_150", "CKV_AWS_293"],
  apply: ({ network, app }) => {
    network.loadBalancer.lb.enableDeletionProtection = true;
    app.database.instance.deletionProtection = true;
  },
};
