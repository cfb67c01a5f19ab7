import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html */
const authority = "rds-ca-rsa2048-g1";

export const databaseCertificate: Step = {
  name: "databaseCertificate",
  sets: `The database's TLS certificate is of the authority ${authority}, and stays so.`,
  plan: ["aws_db_instance update ca_cert_identifier"],
  effect: "Nobody notices: new instances have had it since January 2024.",
  cost: "none",
  needs: `An instance with another authority takes the new certificate by a restart in its maintenance window. Where you chose another one, leave the step out. "aws rds describe-db-instances" shows it (CACertificateIdentifier).`,
  closes: ["CKV_AWS_211"],
  back: "Leaving it out changes nothing in AWS.",
  apply: ({ app }) => {
    app.database.instance.caCertIdentifier = authority;
  },
};
