/** The setting `environment`, which goes before every name in AWS. */
import * as z from "zod";

/** Of AWS's own: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
const ofAws = /^(aws|ssm)/;
/** `internal-` and `sg-`: no load balancer, and no security group, may be called so. */
const taken = ["internal", "sg"];
/** Folders of the output. */
const folders = ["stacks"];

/** Every part of a database's identifier, the strictest name, and a label of a host. */
export const environmentName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { abort: true })
  .max(63)
  .superRefine((name, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    if (ofAws.test(name)) refuse("AWS keeps names that begin with aws or ssm to itself");
    if (taken.includes(name)) refuse(`AWS refuses names that begin with ${name}-`);
    if (folders.includes(name)) refuse("cdktf.out has a folder of this name");
  })
  .optional()
  .meta({
    purpose:
      "The environment beside the default one: it goes before every name in AWS, host, state and output folder; absent: the names that 02-app gave.",
    allowed: 'lower-case letters, digits and single inner hyphens, beginning with a letter, such as "staging"',
  });

export const subdomainName = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/)
  .optional()
  .meta({
    purpose: "Below which name of the domain the hosts are; absent: the environment.",
    allowed:
      'a label such as "staging", or "" for the domain itself, where the environment has a hosted zone of its own',
  });
