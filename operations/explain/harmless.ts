/** What holds nothing: a resource that stands for nothing outside of the state, or leaves behind what it was. */
import { addressParts } from "../../terraform/addresses";
import type { Plan, PlannedChange } from "../../terraform/plan";
import { referrersOf } from "../../terraform/references";
import type { Values } from "./downtime";
import { entryOf } from "./values";

interface Harmless {
  /** What its replacement or destruction does instead. */
  readonly text: string;
  /** @default always */
  readonly when?: (before: Values) => boolean;
  /** Whether that counts for a destruction, too. @default true */
  readonly destroyed?: boolean;
}

const scripts = "it holds nothing; its provisioners and what refers to it run again";
const onThisMachine = "a file on the machine that applies";
const time = "a moment that Terraform keeps; what refers to it follows";

const harmless: Readonly<Record<string, Harmless>> = {
  null_resource: { text: scripts },
  terraform_data: { text: scripts },
  time_offset: { text: time },
  time_rotating: { text: time },
  time_sleep: { text: "a wait" },
  time_static: { text: time },
  local_file: { text: onThisMachine },
  local_sensitive_file: { text: onThisMachine },
  archive_file: { text: onThisMachine },
  template_dir: { text: onThisMachine },
  cloudinit_config: { text: "a text that Terraform renders" },
  tls_cert_request: { text: "a request that Terraform makes from its key" },
  // Its tasks go on, and it can be used until they have ended.
  aws_ecs_task_definition: { text: "a revision is deregistered; tasks that run from it go on" },
  aws_acm_certificate_validation: { text: "the waiting for a certificate" },
  aws_lambda_invocation: { text: "a call; the function is called again" },
  // A stage keeps what it serves until it points to another one.
  aws_api_gateway_deployment: { text: "a snapshot of the API; stages point to the new one", destroyed: false },
  docker_image: { text: "an image on the machine that builds" },
  docker_registry_image: { text: "the image stays in its registry", when: ({ keep_remotely: kept }) => kept === true },
};

/** Values that Terraform makes: lost when they are replaced, which matters to whoever uses them. */
const generated = new Set(
  (
    "random_bytes random_id random_integer random_password random_pet random_shuffle random_string random_uuid " +
    "random_uuid4 random_uuid7 tls_locally_signed_cert tls_self_signed_cert"
  ).split(" "),
);

/** @returns what a replacement or destruction does instead of a loss; undefined where something is lost */
export function harmlessness(destroyed: boolean, planned: PlannedChange, plan: Plan): string | undefined {
  const { type, address, change, deposed } = planned;
  // The address decides where the two differ.
  if (addressParts(address)?.type !== type) return undefined;
  if (generated.has(type)) {
    return referrersOf(address, plan)?.length === 0 ? "a value that nothing refers to" : undefined;
  }
  const known = entryOf(harmless, type);
  if (known === undefined || known.when?.(change.before ?? {}) === false) return undefined;
  return destroyed && known.destroyed === false && deposed == null ? undefined : known.text;
}

/** What the loss of a generated value means; undefined for anything else. */
export function generatedLost({ type, address }: PlannedChange, plan: Plan): string | undefined {
  if (!generated.has(type)) return undefined;
  const users = referrersOf(address, plan) ?? [];
  const who = users.length === 0 ? "what uses it" : users.slice(0, 5).join(", ");
  return `the value that Terraform has made; another one goes to ${who}${users.length > 5 ? " and others" : ""}`;
}
