/** The picture is made of what is synthesized: it follows a team's settings, services and additions. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { architecture } from "../../../diagram/architecture";
import { dot } from "../../../diagram/dot";
import type { Graph } from "../../../diagram/graph";
import { svgOf } from "../../../diagram/svg";
import { httpPort } from "../../../services/definition";
import { project } from "../../support/project";
import { makeStacks, type StackOptions, type Stacks } from "../../support/synth";

function graphOf(options: StackOptions = {}, addition: (stacks: Stacks) => void = () => {}): Graph {
  const outdir = mkdtempSync(join(tmpdir(), "diagram-"));
  try {
    const stacks = makeStacks({ ...options, outdir });
    addition(stacks);
    stacks.root.synth();
    return architecture(
      ["network", "app"].map((id) => ({
        id,
        json: JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")),
      })),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const node = ({ nodes }: Graph, title: string) => nodes.find((one) => one.title === title);
const texts = (graph: Graph, title: string) => node(graph, title)?.rows.map(({ text }) => text);
const edges = (graph: Graph, kind: string) =>
  graph.edges.filter((edge) => edge.kind === kind).map(({ from, to, toPort }) => `${from} -> ${to}:${toPort}`);

test("the picture in the documentation is that of the default settings", async () => {
  const drawn = await svgOf(dot(graphOf()), "The stacks");
  // "npm run diagram" draws it anew.
  expect(readFileSync(join(project, "docs", "architecture.svg"), "utf8") === drawn).toBe(true);
});

test("it is the same each time, of no machine, and well-formed", async () => {
  const [first, second] = [await svgOf(dot(graphOf()), "A"), await svgOf(dot(graphOf()), "A")];
  expect(first).toBe(second);
  expect(first).not.toContain(project);
  expect(first).not.toMatch(/Generated|\d{4}-\d\d-\d\d/);
  expect(first.match(/<g /g)?.length).toBe(first.match(/<\/g>/g)?.length);
});

test("a request's way, from the hosts to the containers' ports", () => {
  const graph = graphOf();
  expect(texts(graph, "hosts")).toEqual(["api.DOMAIN  A", "DOMAIN  A", "otel-collector.DOMAIN  A"]);
  expect(texts(graph, "cruddur-backend-lb")).toEqual([
    "HTTP :80  redirects to HTTPS :443",
    "HTTPS :443  certificate DOMAIN, *.DOMAIN",
    "100  host api.DOMAIN",
    "200  host otel-collector.DOMAIN",
    "otherwise",
  ]);
  expect(edges(graph, "traffic")).toEqual(
    expect.arrayContaining([
      "aws_lb_target_group.cruddur_backend_envoy_tg -> aws_ecs_service.backend_flask/envoy:8800",
      "aws_lb_target_group.frontend_react_js_tg -> aws_ecs_service.frontend_react_js/frontend-react-js:80",
      "aws_lb_target_group.otel_collector_tg -> aws_ecs_service.otel_collector/otel-collector:4318",
    ]),
  );
});

test("what the containers use, and as whom", () => {
  const graph = graphOf();
  expect(edges(graph, "data").join("\n")).toContain("-> aws_db_instance.cruddur:");
  const access = graph.edges.filter(({ kind }) => kind === "access").map(({ from, to }) => `${from} -> ${to}`);
  expect(access).toEqual(
    expect.arrayContaining([
      "aws_iam_role.task -> aws_dynamodb_table.cruddur_messages_table",
      "aws_iam_role.task -> aws_xray_group.cruddur",
      "aws_iam_role.service -> aws_ssm_parameter.secret",
      "aws_iam_role.service -> aws_ecr_repository.repo",
    ]),
  );
});

test("without the authorizer's service there is none", () => {
  const graph = graphOf({ settings: { authz: false } });
  expect(node(graphOf(), "authz")).toBeDefined();
  expect(node(graph, "authz")).toBeUndefined();
  expect(JSON.stringify(graph.groups)).not.toContain("backend-authz");
});

test("a service more is drawn with its host, and what else a team adds is named", () => {
  const graph = graphOf(
    {
      services: (own) => [
        ...own,
        {
          name: "orders",
          cpu: 256,
          memoryMiB: 512,
          containers: [
            { name: "orders", image: { repository: "orders", tag: "1.0" }, ports: [httpPort("orders", 8080)] },
          ],
          route: { hostLabel: "orders", priority: 300, containerPort: 8080, healthCheckPath: "/health" },
        },
      ],
    },
    ({ app }) => new SqsQueue(app, "jobs", { name: "jobs" }),
  );
  expect(texts(graph, "hosts")).toContain("orders.DOMAIN  A");
  expect(texts(graph, "orders")).toEqual(["image orders:1.0", ":8080/tcp  as orders.cruddur:8080"]);
  expect(edges(graph, "traffic")).toContain("aws_lb_target_group.orders_tg -> aws_ecs_service.orders/orders:8080");
  expect(graph.nodes.find(({ id }) => id === "more.app")?.rows).toEqual([{ text: "sqs queue: jobs" }]);
});
