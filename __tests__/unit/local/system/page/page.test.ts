/** What the page says, and that nothing of a request becomes part of it. */
import { requestsOf } from "../../../../../local/page/requests";
import { type PageContent, pageHtml } from "../../../../../local/system/page/page";
import { hostPorts } from "../../../../../local/system/places";
import { servicesOf } from "../../../../../services";
import { requestLine } from "../../../../support/request-line";

const alice = { username: "0b1c", handle: "alice", email: "alice@example.com", confirmed: true };
const content: PageContent = {
  record: {
    name: "cruddur-local",
    engine: { compose: ["docker", "compose"], program: "docker", description: "docker compose 2" },
    containers: [{ name: "envoy", service: "backend-flask", image: "localhost/e:1", address: "10.89.213.14" }],
    ports: Object.fromEntries(hostPorts(servicesOf({ authz: true }), {})),
    userPool: { at: "local", id: "us-east-1_Local", clientId: "localclient" },
    declared: {
      "backend-flask": { address: "aws_ecs_service.backend_flask", constructPath: "app/backend_flask/Service" },
    },
    images: [],
    notes: ["There is no <seed>."],
  },
  statuses: [{ name: "envoy", service: "backend-flask", health: "healthy", detail: "since today" }],
  requests: requestsOf(
    [requestLine({}), "starting", requestLine({ status: 401, user: "0b1c", path: "/<script>" })].join("\n"),
    20,
  ),
  traces: [],
  users: [alice],
  picture: {
    svg: "<svg/>",
    boxes: [
      { title: "<table>", caption: "DynamoDB table", address: "aws_dynamodb_table.main", constructPath: "app/Table" },
      { title: "MessageStream", address: "data.aws_lambda_function.message_stream" },
    ],
  },
};

test("the newest request comes first; what is no request is left out", () => {
  expect(content.requests.map(({ status }) => status)).toEqual([401, 200]);
  expect(
    requestsOf([requestLine({ status: 1 }), requestLine({ status: 2 })].join("\n"), 1).map(({ status }) => status),
  ).toEqual([2]);
});

test("shows links, users, requests with status and user, and each container with address and construct", () => {
  const html = pageHtml(content);
  for (const part of [
    'href="http://localhost:3000/"',
    "The API has last seen you as <strong>@alice</strong>",
    "npm run local -- token alice",
    ">401</span></td><td>@alice</td>",
    '>200</span></td><td><span class="nobody">nobody</span></td>',
    "10.89.213.14",
    "aws_ecs_service.backend_flask",
    "app/backend_flask/Service",
    "All containers are well",
    'src="/architecture.svg"',
    "&#60;table&#62; <span",
    '<code>aws_dynamodb_table.main</code><br><span class="none">app/Table</span>',
    '<code>data.aws_lambda_function.message_stream</code><br><span class="none">of another deployment</span>',
    "There is no &#60;seed&#62;.",
  ]) {
    expect(html).toContain(part);
  }
});

test("has no script, and nothing from outside becomes HTML", () => {
  expect(pageHtml(content)).not.toContain("<script");
  expect(pageHtml(content)).toContain("/&#60;script&#62;");
});

test("says which containers are not well", () => {
  const statuses = [{ ...content.statuses[0], health: "stopped" } as PageContent["statuses"][number]];
  expect(pageHtml({ ...content, statuses })).toContain("1 of 1 containers are not well");
});

test("with the team's user pool it shows no password", () => {
  const userPool = { at: "aws", id: "eu-central-1_Team", clientId: "c" } as const;
  const html = pageHtml({ ...content, record: { ...content.record, userPool } });
  expect(html).toContain("eu-central-1_Team");
  expect(html).not.toContain("Cruddur-1234");
});
