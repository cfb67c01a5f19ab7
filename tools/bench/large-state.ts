import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

/**
 * Writes a state of the stacks' own resources, with as many instances as asked for and some 2 kB each, as task definitions
 * and policies have.
 */
export function writeLargeState(instances: number, file: string): string {
  const resources = [
    { type: "aws_lb_listener_rule", name: "api" },
    { type: "aws_lb", name: "cruddur_backend_lb" },
    { type: "aws_ecr_repository", name: "repo" },
    { type: "aws_ssm_parameter", name: "secret" },
  ].map(({ type, name }, index, all) => ({
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: Array.from({ length: Math.ceil((instances - index) / all.length) }, (_, number) => ({
      index_key: `${type}-${number}`,
      schema_version: 0,
      attributes: {
        arn: `arn:aws:ecr:eu-central-1:123456789012:thing/${number}`,
        document: Array.from({ length: 24 }, (_, line) => digest(`${type} ${number} ${line}`)).join("\n"),
        size: 1e15 + number,
      },
      sensitive_attributes: [],
      private: digest(`${type} ${number}`),
      dependencies: ["data.aws_vpc.default"],
    })),
  }));
  const state = {
    version: 4,
    terraform_version: "1.11.4",
    serial: 7,
    lineage: digest("large"),
    outputs: {},
    resources,
  };
  writeFileSync(file, JSON.stringify(state, null, 2));
  return file;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
