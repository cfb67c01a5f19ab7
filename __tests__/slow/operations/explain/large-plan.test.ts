import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explanation } from "../../../../operations/explain/explanation";
import { explanationText } from "../../../../operations/explain/text";
import { type Plan, readPlan } from "../../../../terraform/plan";
import { planDocument } from "../../../../terraform/plan-document";
import { planned } from "../../../support/plans";
import { project } from "../../../support/project";

/** A document of a thousand statements, each of which changes. */
const policy = (shift: number) =>
  JSON.stringify(
    Array.from({ length: 1_000 }, (_, at) => ({ Sid: `s${at}`, Resource: `arn:aws:s3:::b${at + shift}` })),
  );

/** Ten megabytes: a real plan again and again in modules, each with a secret of its own, and one large document. */
function large(): Uint8Array {
  const text = readFileSync(join(project, "__tests__/fixtures/plans/everything.json"), "utf8");
  const real: Plan = readPlan(JSON.parse(text), "everything.json");
  const copies = Array.from({ length: 300 }, (_, number) => [
    ...(real.resource_changes ?? []).map((change) => ({ ...change, address: `module.m${number}.${change.address}` })),
    planned(`module.m${number}.aws_ssm_parameter.own`, {
      before: { value: `secret-number-${number}` },
      after: { value: `secret-number-${number + 1}` },
      change: { before_sensitive: { value: true }, after_sensitive: { value: true } },
    }),
  ]);
  const document = planned("aws_iam_policy.large", { before: { policy: policy(0) }, after: { policy: policy(1) } });
  return Buffer.from(
    JSON.stringify({ ...JSON.parse(text), prior_state: undefined, resource_changes: [...copies.flat(), document] }),
  );
}

test("a plan of 10 MB takes seconds", () => {
  const bytes = large();
  expect(bytes.length).toBeGreaterThan(9_000_000);
  const before = process.cpuUsage();
  const text = explanationText(explanation([{ name: "app", plan: planDocument(bytes, "app.json") }]));
  // Of the processor, whatever else runs on the machine.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(8);
  expect(text).toContain("900 DESTROYED OR REPLACED");
  expect(text).not.toContain("secret-number");
}, 120_000);
