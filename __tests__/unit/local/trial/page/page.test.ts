/** What the page of a kept trial says, and that nothing of a request becomes part of it. */
import { requestsOf } from "../../../../../local/page/requests";
import { type TrialPageContent, trialPageHtml } from "../../../../../local/trial/page/page";
import { requestLine } from "../../../../support/request-line";

const content: TrialPageContent = {
  record: {
    port: 4100,
    pool: { endpoint: "http://127.0.0.1:4101", region: "us-east-1", id: "us-east-1_abc", clientId: "c" },
    settings: { authz: true, envoy: { denialStatus: 401 } },
    aws: { pid: 1, start: "1" },
    envoyLog: "",
    terraformLog: ".cache/trial/terraform.log",
    changed: '"backendTraces": "collector"',
    notes: ["Not shown: an <expired> token."],
  },
  ports: { envoy: 4102, app: 4103, authorizer: 4104 },
  sendings: [
    { name: "alice", what: "alice: GET", expected: "200 alice", seen: "200 alice" },
    { name: "stranger", what: "a stranger: GET", expected: "200 nobody" },
  ],
  requests: requestsOf([requestLine({}), requestLine({ status: 401, user: "0b1c", path: "/<script>" })].join("\n"), 20),
  users: [{ username: "0b1c", handle: "alice" }],
  picture: {
    svg: "<svg/>",
    boxes: [
      { title: "envoy", caption: "container", address: "aws_ecs_service.backend_flask", constructPath: "app/Service" },
    ],
  },
};

test("shows links, who you are, requests with status and user, what runs where, and how to end it", () => {
  const html = trialPageHtml(content);
  for (const part of [
    'href="http://localhost:4102/api/activities/home"',
    'href="/change"',
    "<code>&#34;backendTraces&#34;: &#34;collector&#34;</code>",
    'href="http://127.0.0.1:4101/moto-api/"',
    "<code>.cache/trial/terraform.log</code>",
    "The API has last seen you as <strong>@alice</strong>",
    '"Authorization: Bearer $(curl -s localhost:4100/token)" localhost:4102/api/activities/home',
    'action="/send/alice"',
    'class="well">200 alice</span>',
    'class="none">not sent yet</span>',
    ">401</span></td><td>@alice</td>",
    "<code>localhost:4102</code></td><td>the container <code>envoy</code> of <code>aws_ecs_service.backend_flask</code>",
    "<code>localhost:4104</code></td><td>the container <code>authz</code>",
    '<td><code>aws_ecs_service.backend_flask</code><br><span class="none">app/Service</span></td>',
    "Not shown: an &#60;expired&#62; token.",
    "npm run trial -- --stop",
    "Every request was answered as expected",
  ]) {
    expect(html).toContain(part);
  }
  expect(html).not.toContain("<script");
});

test("says which requests aren't answered as expected", () => {
  const sendings = [{ name: "forged", what: "forged", expected: "200 nobody", seen: "200 alice" }];
  const html = trialPageHtml({ ...content, sendings });
  expect(html).toContain("1 of 1 aren't answered as expected");
  expect(html).toContain('class="ill">200 alice</span>');
});

test("without Envoy it shows what there is", () => {
  const html = trialPageHtml({ ...content, ports: undefined, sendings: [], requests: [] });
  expect(html).toContain('<p class="ill">Envoy isn');
  expect(html).toContain("There is no Envoy to send them to.");
  expect(html).not.toContain("undefined");
});
