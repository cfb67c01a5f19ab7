import type { Hardened, Step } from "../step";

interface Rule {
  readonly cidrBlocks?: readonly string[];
}

/** Address ranges from which the database's group lets somebody in: additions may have opened it. */
function openRanges({ network }: Hardened): string[] {
  const rules = network.securityGroups.database.ingressInput;
  return (Array.isArray(rules) ? (rules as readonly Rule[]) : []).flatMap(({ cidrBlocks = [] }) => cidrBlocks);
}

export const privateDatabase: Step = {
  name: "privateDatabase",
  sets: "The database gets no public address.",
  plan: ["aws_db_instance update publicly_accessible"],
  effect: "Its name leads to a private address. bin/db/connect goes on working: it goes through a task.",
  cost: "none",
  needs: "Who connects from outside the VPC, by a rule that was added by hand, needs another way first.",
  closes: ["CKV_AWS_17"],
  problems: (hardened) => {
    const ranges = openRanges(hardened);
    return ranges.length === 0
      ? []
      : [
          `the database's security group lets in ${ranges.join(", ")}, which would find no way to it: use bin/db/connect, and take that rule out`,
        ];
  },
  apply: ({ app }) => {
    app.database.instance.publiclyAccessible = false;
  },
};
