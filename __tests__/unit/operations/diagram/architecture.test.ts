import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { architecture } from "../../../../operations/diagram/architecture";
import { boxesOf } from "../../../../operations/diagram/boxes";
import { dot } from "../../../../operations/diagram/dot";
import { svgOf } from "../../../../operations/diagram/svg";
import { httpPort } from "../../../../services/definition";
import { makeStacks, type StackOptions, synthStack } from "../../../../tools/testing";
import { project } from "../../../support/project";

function graphOf(options: StackOptions = {}) {
  const { network, app } = makeStacks(options);
  return architecture([
    { id: "network", json: synthStack(network).json },
    { id: "app", json: synthStack(app).json },
  ]);
}

const ways = ({ edges }: ReturnType<typeof graphOf>) =>
  edges.map(({ from, fromPort, to, toPort }) => [from, fromPort, to, toPort]);

describe("the diagram", () => {
  const graph = graphOf();

  test("docs/architecture.svg shows the stacks as they are: else run npm run diagram", async () => {
    expect(await svgOf(dot(graph), "The stacks")).toBe(readFileSync(join(project, "docs", "architecture.svg"), "utf8"));
  });

  test("the picture tells nothing of the machine, and stands on its own ground in dark mode", async () => {
    const svg = await svgOf(dot(graph), "The stacks");
    expect(svg).not.toMatch(/\/(home|root|tmp|work|usr)\/|20\d\d-\d\d/);
    expect(svg).toContain('<polygon fill="#ffffff"');
    expect(svg).not.toMatch(/<title>|<!--/);
  });

  test("its boxes have the addresses and constructs of what they stand for", () => {
    const addresses = ["aws_ecs_service.backend_flask", "aws_lb.cruddur_backend_lb", "aws_ecs_cluster.cruddur"];
    const boxes = boxesOf(
      graph,
      addresses.map((address) => ({ address, constructPath: `path/of/${address}` })),
    );
    const constructOf = (title: string, caption?: string) =>
      boxes.filter((box) => box.title.startsWith(title) && box.caption === caption).map((box) => box.constructPath);
    expect(constructOf("backend-flask")).toEqual(["path/of/aws_ecs_service.backend_flask"]);
    expect(constructOf("envoy", "container")).toEqual(["path/of/aws_ecs_service.backend_flask"]);
    expect(constructOf("hosts", "DNS records")).toEqual(["path/of/aws_lb.cruddur_backend_lb"]);
    expect(boxes).toContainEqual({
      caption: "Lambda, deployed elsewhere",
      title: "MessageStream",
      address: "data.aws_lambda_function.message_stream",
    });
    // Neither the browser nor a stack is a resource.
    expect(boxes.map(({ title }) => title)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/browser|^stack /)]),
    );
    const known = new Set(
      graph.nodes.filter(({ kind }) => kind !== "client" && kind !== "more").map(({ title }) => title),
    );
    expect([...known].filter((title) => !boxes.some((box) => box.title === title))).toEqual([]);
  });

  test("leads from the listener's rules through the target groups to the containers' ports", () => {
    expect(ways(graph)).toEqual(
      expect.arrayContaining([
        [
          "aws_lb.cruddur_backend_lb",
          "aws_lb_listener_rule.api",
          "aws_lb_target_group.cruddur_backend_envoy_tg",
          "traffic",
        ],
        ["aws_lb_target_group.cruddur_backend_envoy_tg", "traffic", "aws_ecs_service.backend_flask/envoy", "8800"],
        ["aws_lb.cruddur_backend_lb", "aws_lb_listener.main", "aws_lb_target_group.frontend_react_js_tg", "traffic"],
      ]),
    );
    const authz = graph.nodes.find(({ id }) => id === "aws_ecs_service.backend_authz/authz");
    expect(authz?.rows).toEqual(
      expect.arrayContaining([{ port: "8123", text: ":8123/tcp" }, { text: "as authz.cruddur:8123" }]),
    );
  });

  test("leads from Envoy to the authorizer and to the app", () => {
    const behindEnvoy = (options: StackOptions) =>
      graphOf(options)
        .edges.filter(({ from }) => from === "aws_ecs_service.backend_flask/envoy")
        .map(({ to }) => to);
    const app = "aws_ecs_service.backend_flask/backend-flask";
    expect(behindEnvoy({})).toEqual([app, "aws_ecs_service.backend_authz/authz"]);
    expect(behindEnvoy({ settings: { authz: false } })).toEqual([app]);
  });

  test("every text is 11 pixels high or more at GitHub's width of 880 pixels", async () => {
    const svg = await svgOf(dot(graph), "The stacks");
    const scale = 880 / Number(/ width="(\d+)pt"/.exec(svg)?.[1]);
    const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map(([, points]) => Number(points) * scale);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  });

  test("leads from the roles to what their policies name", () => {
    const from = (role: string) => graph.edges.filter((edge) => edge.from === role).map(({ to }) => to);
    expect(from("aws_iam_role.task").sort()).toEqual([
      "aws_dynamodb_table.cruddur_messages_table",
      "aws_xray_group.cruddur",
    ]);
    expect(from("aws_iam_role.service").sort()).toEqual([
      "aws_cloudwatch_log_group.cruddur",
      "aws_ecr_repository.repo",
      "aws_ssm_parameter.secret",
    ]);
  });

  test("the database is reached as its security group says", () => {
    const edge = graph.edges.find(({ to }) => to === "aws_db_instance.cruddur");
    expect(edge).toMatchObject({ fromGroup: "aws_ecs_cluster.cruddur", label: ":5432" });
  });

  test("without the authorizer it is not drawn", () => {
    const ids = graphOf({ settings: { authz: false } }).groups.map(({ id }) => id);
    expect(ids).toContain("aws_ecs_service.backend_flask");
    expect(ids).not.toContain("aws_ecs_service.backend_authz");
  });

  test("a further service is drawn with its way", () => {
    const services: StackOptions["services"] = (own) => [
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
    ];
    expect(ways(graphOf({ services }))).toContainEqual([
      "aws_lb_target_group.orders_tg",
      "traffic",
      "aws_ecs_service.orders/orders",
      "8080",
    ]);
  });

  test("a team's own resource is named, whatever it is", () => {
    const { network, app } = makeStacks();
    new CloudwatchMetricAlarm(app, "storage", { alarmName: "a<b>&c", comparisonOperator: "x", evaluationPeriods: 1 });
    const drawn = architecture([
      { id: "network", json: synthStack(network).json },
      { id: "app", json: synthStack(app).json },
    ]);
    expect(drawn.nodes.find(({ id }) => id === "more.app")?.rows).toEqual([
      { text: "cloudwatch metric alarm: storage" },
    ]);
  });

  test("no secret of a rule or a health check is drawn: the picture is committed", () => {
    const { network, app } = makeStacks();
    const { json } = synthStack(network);
    const { resource } = json as { resource: Record<string, Record<string, Record<string, unknown>>> };
    for (const rule of Object.values(resource.aws_lb_listener_rule ?? {})) {
      rule.condition = [
        { http_header: { http_header_name: "X-Origin-Verify", values: ["hunter22hunter22"] } },
        { path_pattern: { values: ["/api/*"] } },
      ];
    }
    for (const group of Object.values(resource.aws_lb_target_group ?? {})) {
      group.health_check = { path: "/health?token=hunter33hunter33" };
    }
    const drawn = JSON.stringify(
      architecture([
        { id: "network", json },
        { id: "app", json: synthStack(app).json },
      ]),
    );
    expect(drawn).not.toMatch(/hunter/);
    expect(drawn).toContain("path /api/*");
  });

  test("stacks of other people, and empty ones, are drawn as far as they are known", async () => {
    const other = { resource: { aws_ecs_service: { a: { name: 'x"<&>' } }, acme_thing: { b: {} } } };
    const svg = await svgOf(
      dot(
        architecture([
          { id: "one", json: other },
          { id: "two", json: {} },
        ]),
      ),
      "Others",
    );
    expect(svg).toContain("acme thing: b");
  });
});
