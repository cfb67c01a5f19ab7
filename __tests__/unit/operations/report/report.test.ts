import { architecture } from "../../../../operations/diagram/architecture";
import { explanation } from "../../../../operations/explain/explanation";
import { Places } from "../../../../operations/report/places";
import { reportPage } from "../../../../operations/report/report";
import type { PlannedChange } from "../../../../terraform/plan";
import { SynthesizedStacks } from "../../../../terraform/synthesized";
import { makeStacks, synthStack } from "../../../../tools/testing";
import { planned, planOf, replaced } from "../../../support/plans";

const { network, app } = makeStacks();
const stacks = [
  { id: "network", json: synthStack(network).json },
  { id: "app", json: synthStack(app).json },
];
const places = new Places(architecture(stacks), new SynthesizedStacks(stacks));
const sources = [
  { stack: "app", address: "aws_ecr_repository.repo", file: "constructs/ecr/repositories.ts", line: 15 },
];

function pageOf(appChanges: PlannedChange[], networkChanges: PlannedChange[] = [], names = ["network", "app"]) {
  const plans = [networkChanges, appChanges].map((changes, index) => ({
    name: names[index] ?? "",
    plan: planOf(...changes),
  }));
  const link = (file: string, line: number) => `../${file}#${line}`;
  return reportPage({ explained: explanation(plans), stacks, sources, link });
}

const update = { before: { a: 1 }, after: { a: 2 } };

describe("places", () => {
  test("every managed resource of the stacks has one in the picture", () => {
    const managed = new SynthesizedStacks(stacks).resources.filter(({ address }) => !address.startsWith("data."));
    expect(managed.length).toBeGreaterThan(40);
    const without = managed.filter(({ stack, address }) => places.of(stack, address).length === 0);
    expect(without.map(({ address }) => address)).toEqual([]);
  });

  test.each([
    ["network", "aws_lb_listener_rule.api", ["aws_lb.cruddur_backend_lb"]],
    ["network", 'aws_route53_record.cruddur["api.example.com"]', ["hosts.aws_lb.cruddur_backend_lb"]],
    ["network", "aws_acm_certificate.cruddur", ["aws_lb.cruddur_backend_lb"]],
    ["network", "aws_security_group.alb_sg", ["more.network"]],
    ["app", "aws_ecs_task_definition.backend_flask", ["aws_ecs_service.backend_flask"]],
    ["app", 'aws_ecr_repository.repo["authz"]', ["aws_ecr_repository.repo"]],
    ["app", "aws_sqs_queue.nowhere", []],
    ["app", "module.m.aws_ecr_repository.repo", []],
  ])("in %s, %s is at %j", (stack, address, ids) => {
    expect(places.of(stack, address)).toEqual(ids);
  });
});

describe("the page", () => {
  test("marks what changes in the picture, each mark with its explanation and back", async () => {
    const page = await pageOf(
      [
        planned('aws_ecr_repository.repo["authz"]', { before: { name: "authz" } }),
        planned("aws_dynamodb_table.messages", { ...update, change: replaced }),
        planned("aws_sqs_queue.jobs", { before: { name: "jobs" } }),
      ],
      [planned("aws_lb_target_group.otel_collector_tg", { after: { name: "tg" } })],
    );
    const marks = [...page.matchAll(/<a id="([\w-]+)" href="#([\w-]+)" aria-label="([^"]*)"/g)];
    expect(marks.map(([, , , label]) => label).sort()).toEqual([
      "aws_dynamodb_table.messages: REPLACED",
      "aws_ecr_repository.repo[&quot;authz&quot;]: DESTROYED",
      "aws_lb_target_group.otel_collector_tg: created",
      "aws_sqs_queue.jobs: DESTROYED",
    ]);
    for (const [, mark = "", item = ""] of marks) {
      expect(page).toContain(`<article id="${item}"`);
      expect(page).toContain(`<a href="#${mark}">picture</a>`);
    }
    expect(page).toContain("No longer declared");
    expect(page).toContain('<a href="../constructs/ecr/repositories.ts#15">constructs/ecr/repositories.ts:15</a>');
  });

  test("many of one kind in one box are one mark", async () => {
    const names = ["authz", "backend-flask", "envoy", "frontend-react-js", "otel-collector"];
    const page = await pageOf(names.map((name) => planned(`aws_ecr_repository.repo["${name}"]`, { after: { name } })));
    expect(page).toMatch(/aria-label="5 created: aws_ecr_repository\.repo\[&quot;authz&quot;\], /);
    expect(page.match(/<a href="#picture">picture<\/a>/g)).toHaveLength(4);
  });

  test("plans of another module are explained without a picture", async () => {
    const page = await pageOf([planned("aws_lb.a", update)], [], ["one", "other"]);
    expect(page).not.toContain("<svg");
    expect(page).toContain('<article id="item-1"');
  });

  test("needs nothing beside itself, and takes nothing of a plan for its own", async () => {
    const name = '<script>alert("1")</script>';
    const page = await pageOf([planned(`aws_ecr_repository.repo[${JSON.stringify(name)}]`, { before: { name } })]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|xlink/i);
    expect(page).toContain("&lt;script&gt;");
    expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  });

  test("is the same for the same plan", async () => {
    const changes = [planned("aws_db_instance.cruddur", update)];
    expect(await pageOf(changes)).toBe(await pageOf(changes));
  });

  test("nothing changes: the picture as it is", async () => {
    const page = await pageOf([]);
    expect(page).toContain("Nothing changes.");
    expect(page).toContain("<svg");
    expect(page).not.toContain("<article");
  });
});
