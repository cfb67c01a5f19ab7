/** Says before a deploy whether it can come up: images, secrets, roles, target groups, logs, certificate. Changes nothing. */
import { table } from "../../lib/table";
import type { AwsOptions } from "../../operations/aws";
import { retiringDatabases } from "../../operations/ecs/clocks";
import { findingOf } from "../../operations/ecs/look";
import {
  certificateLooks,
  clusterLook,
  imageLooks,
  logGroupLooks,
  roleLooks,
  targetGroupLooks,
} from "../../operations/ecs/looks";
import { secretLooks, secretPermissionLooks } from "../../operations/ecs/secret-looks";
import { secretUses } from "../../operations/ecs/secret-sources";
import { anything, isKnown } from "../../operations/ecs/synthesized-services";
import type { Finding } from "../../operations/ecs/verification";
import { repositoryPrefix } from "../../services/aws-names";
import { ecrRegistry } from "../../services/images";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type JsonOption, type VarFileOption, withJson, withVarFile } from "../shared/options";
import { beginEcsSession } from "./session";
import { synthesized } from "./synthesized";

const command = withVarFile(
  withAwsOptions(
    withJson(
      newCommand(
        "bin/ecs/verify",
        "Checks before a deploy that what it needs is there: images, secrets, roles, target groups, log group, certificate. Changes nothing.",
        {
          done: "nothing is missing (warnings name what can't be checked before a plan)",
          failed: "something can't be checked, and nothing else is known to be missing",
          differs: "something is missing",
        },
      ),
      '{findings: [{status: "ok"|"warn"|"fail"|"error", check, subject, detail}]}',
    ),
  ),
);

function count(findings: readonly Finding[], status: Finding["status"]): number {
  return findings.filter((finding) => finding.status === status).length;
}

function summary(findings: readonly Finding[]): string {
  const [missing, errors] = [count(findings, "fail"), count(findings, "error")];
  const told = [...(missing > 0 ? [`${missing} missing`] : []), ...(errors > 0 ? [`${errors} not checked`] : [])];
  return told.length === 0 ? "nothing is missing." : `of ${findings.length} checks ${told.join(" and ")}.`;
}

performOnAws<AwsOptions & VarFileOption & JsonOption>(command, async (options) => {
  const session = beginEcsSession(options);
  const { config, ecs, cluster, settings } = session;
  const { stacks, services: synthesizedServices, known } = await synthesized(session, options);
  const services = synthesizedServices.all();
  const secrets = secretUses(services);
  const looks = [...new Set([cluster, ...services.map((one) => one.cluster).filter(isKnown)])].map((name) =>
    clusterLook(ecs, name),
  );
  looks.push(
    ...imageLooks(config, services, ecrRegistry(known.accountId, known.region), repositoryPrefix(settings.environment)),
    ...secretLooks(config, secrets, known),
    ...secretPermissionLooks(config, stacks, synthesizedServices, secrets, known),
    ...roleLooks(config, services, { ...known, cluster }),
    ...targetGroupLooks(config, services),
    ...logGroupLooks(config, services),
    ...certificateLooks(config, stacks, synthesizedServices),
  );
  const findings: Finding[] = [];
  for (const look of looks) findings.push(await findingOf(look));
  const warn = (check: string, subject: string, detail: string) =>
    findings.push({ status: "warn", check, subject, detail });
  for (const { name, containers } of services) {
    if (containers === undefined) {
      warn("service", name.replaceAll(anything, "…"), "its containers are not known before a plan");
    }
    for (const { name: container, image } of containers ?? []) {
      if (!isKnown(String(image))) warn("image", `${name}/${container}`, "its tag is not known before a plan");
    }
  }
  const unknown = secrets.filter(({ source }) => source.kind === "unknown").map(({ name }) => name);
  for (const name of [...new Set(unknown)].sort()) warn("secret", name, "its source is not known before a plan");
  if (known.variables.cruddur_dns_name === undefined) {
    warn("certificate", "hosts", "the domain is not known: give --var-file FILE, or TF_VAR_cruddur_dns_name");
  }
  findings.push(...retiringDatabases(stacks));
  if (options.json) console.log(JSON.stringify({ findings }, null, 2));
  else {
    const rows = findings.map(({ status, check, subject, detail }) => [
      status === "fail" || status === "error" ? status.toUpperCase() : status,
      check,
      subject,
      detail,
    ]);
    console.log(table(["", "CHECK", "SUBJECT", ""], rows));
    console.log(`\nAccount ${known.accountId}, region ${known.region}: ${summary(findings)}`);
  }
  if (count(findings, "fail") > 0) process.exitCode = exitCodes.differs;
  else if (count(findings, "error") > 0) process.exitCode = exitCodes.failed;
});
