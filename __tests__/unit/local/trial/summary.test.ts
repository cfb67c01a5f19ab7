/** How a trial ends, and what counts as a mismatch. */
import { checksOf, seenAs } from "../../../../local/trial/path/checks";
import { mismatches } from "../../../../local/trial/path/show";
import { trialSummary } from "../../../../local/trial/summary";
import { readPlan } from "../../../../terraform/plan";

const plan = readPlan(
  {
    format_version: "1.2",
    planned_values: {
      outputs: {
        cluster_name: { sensitive: false, value: "cruddur" },
        service_names: { sensitive: false, value: ["backend-flask", "otel-collector"] },
        user_pool_id: { sensitive: false, value: "us-east-1_abc" },
      },
    },
  },
  "The plan",
);
const results = [
  { what: "alice: GET", expected: "200 alice", seen: "200 alice" },
  { what: "a stranger: GET", expected: "200 nobody", seen: "200 alice" },
];

test("a trial ends with what was deployed, the second plan, each request as expected and seen, and Terraform's text", () => {
  const summary = trialSummary({
    added: new Map([
      ["network", 20],
      ["app", 36],
    ]),
    replanned: [{ stack: "app", clean: true, changes: ["no changes"], plan }],
    path: { results, notShown: ["Not shown: an expired token. There is no key."], envoyLog: "" },
    log: ".cache/trial/terraform.log",
  });
  expect(summary).toBe(`Deployed       20 instances in network, 36 instances in app
               cluster cruddur with backend-flask, otel-collector; user pool us-east-1_abc
Second plan    app: no changes
               REQUESTS         EXPECTED    SEEN
Through Envoy  alice: GET       200 alice   200 alice
               a stranger: GET  200 nobody  200 alice
               Not shown: an expired token. There is no key.
Terraform      all that it said is in .cache/trial/terraform.log`);
});

test("a mismatch is told with what was expected and seen", () => {
  expect(mismatches(results)).toEqual(["a stranger: GET: expected 200 nobody, seen 200 alice"]);
});

test("an answer of Envoy's own has no user; one of the app's has one, or nobody", () => {
  expect(seenAs({ status: 401 }, "0b1c")).toBe("401");
  expect(seenAs({ status: 200, user: null }, "0b1c")).toBe("200 nobody");
  expect(seenAs({ status: 200, user: "0b1c" }, "0b1c")).toBe("200 alice");
  expect(seenAs({ status: 200, user: "victim" }, "0b1c")).toBe("200 victim");
});

test("the checks follow the settings and what could be made", () => {
  const senders = { signedIn: { username: "0b1c", accessToken: "t" } };
  const names = (authz: boolean, expired?: string) =>
    checksOf({ ...senders, expired }, { authz, envoy: { denialStatus: 403 } }).map(({ name }) => name);
  expect(names(true, "e")).toEqual(["alice", "stranger", "forged", "expired", "stopped"]);
  expect(names(false)).toEqual(["alice", "stranger", "forged"]);
  const [, stranger] = checksOf(senders, { authz: true, envoy: { denialStatus: 403 } });
  expect(stranger?.expected).toEqual(["200 nobody", "403"]);
});
