/** Says before a deploy whether it can come up: images, secrets, roles, target groups, logs, certificate. Changes nothing. */
import { Command } from "commander";
import { table } from "../../lib/table";
import { type AwsOptions, performOnAws, withAwsOptions } from "../../operations/aws";
import {
  certificateLooks,
  clusterLook,
  findingOf,
  imageLooks,
  logGroupLooks,
  roleLooks,
  secretLooks,
  targetGroupLooks,
} from "../../operations/ecs/looks";
import { isKnown } from "../../operations/ecs/synthesized-services";
import { type Finding, parameterNames } from "../../operations/ecs/verification";
import { ecrRegistry } from "../../services/images";
import { beginEcsSession } from "./session";
import { synthesized, type VariableOptions, withVariableOptions } from "./synthesized";

const command = withVariableOptions(
  withAwsOptions(
    new Command("bin/ecs/verify")
      .description(
        "Looks before a deploy for what it needs to come up: images, secrets, roles, target groups, log group, certificate. Changes nothing.",
      )
      .option("--json", "as JSON: {findings: [{status, check, subject, detail}]}", false),
  ),
).addHelpText(
  "after",
  `
Exit codes:
  0  everything is there (warnings tell what can't be looked for)
  1  something is missing, or can't be told`,
);

const calledFrom = process.cwd();
performOnAws(async () => {
  const options = command.parse().opts<AwsOptions & VariableOptions & { json: boolean }>();
  const session = beginEcsSession(options);
  const { config, ecs, cluster } = session;
  const { stacks, services: synthesizedServices, known } = await synthesized(session, options, calledFrom);
  const services = synthesizedServices.all();
  const parameters = parameterNames(services);
  const looks = [
    clusterLook(ecs, cluster),
    ...imageLooks(config, services, ecrRegistry(known.accountId, known.region)),
    ...secretLooks(config, parameters.known),
    ...roleLooks(config, services, known),
    ...targetGroupLooks(config, services),
    ...logGroupLooks(config, services),
    ...certificateLooks(config, stacks, synthesizedServices),
  ];
  const findings: Finding[] = [];
  for (const look of looks) findings.push(await findingOf(look));
  const warn = (check: string, subject: string, detail: string) =>
    findings.push({ status: "warn", check, subject, detail });
  for (const { name, containers } of services) {
    for (const { name: container, image } of containers) {
      if (!isKnown(String(image))) warn("image", `${name}/${container}`, "its tag is not known before a plan");
    }
  }
  for (const name of parameters.unknown) warn("secret", name, "its source is not known before a plan");
  if (known.variables.cruddur_dns_name === undefined) {
    warn("certificate", "hosts", "the domain is not known: give --var-file FILE, or TF_VAR_cruddur_dns_name");
  }
  if (options.json) console.log(JSON.stringify({ findings }, null, 2));
  else {
    const rows = findings.map(({ status, check, subject, detail }) => [
      status === "fail" ? "FAIL" : status,
      check,
      subject,
      detail,
    ]);
    console.log(table(["", "CHECK", "SUBJECT", ""], rows));
    const failed = findings.filter(({ status }) => status === "fail").length;
    console.log(failed === 0 ? "\nNothing is missing." : `\n${failed} of ${findings.length} fail.`);
  }
  if (findings.some(({ status }) => status === "fail")) process.exitCode = 1;
});
