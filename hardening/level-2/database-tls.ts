import { groupBack, groupNeeds, groupPlan, groupProblems, setParameters } from "../parameter-group";
import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html */
export const databaseTls: Step = {
  name: "databaseTls",
  sets: "The database refuses connections without TLS.",
  plan: groupPlan,
  effect:
    "Clients that connect as libpq does by default, such as psycopg and psql, notice nothing: they use TLS where the server has it. It counts from the database's next restart.",
  cost: "none",
  needs: `No client with sslmode=disable, and none in CONNECTION_URL. ${groupNeeds}`,
  closes: ["CKV2_AWS_69"],
  back: groupBack,
  problems: groupProblems,
  apply: (hardened) => setParameters(hardened, { "rds.force_ssl": "1" }),
};
