/** Who a request is from: the tables of docs/request-path.md, against a real Envoy in both modes. */
import { usernameHeader } from "../../../services/request-path";
import { type Authorization, authorizations, claimedHeaders } from "../../support/authorizations";
import { documentedTable } from "../../support/documented-tables";
import { type LocalRequestPath, modes, outcome, startRequestPath } from "../../support/request-path";

const tokens = documentedTable("Who a request is from");
const claims = documentedTable("What a client may claim");
const methodGroups = [
  ["GET", "HEAD"],
  ["POST", "PUT", "PATCH", "DELETE"],
] as const;

describe.each(modes)("%s", (mode) => {
  let path: LocalRequestPath;
  let known: Readonly<Record<string, Authorization>>;

  beforeAll(async () => {
    path = await startRequestPath(mode);
    known = authorizations(path.pool);
  }, 200_000);
  afterAll(() => path?.stop());

  test("the table has a row for each token that is tried, and the other way round", () => {
    expect([...tokens.keys()]).toEqual(Object.keys(known));
    expect([...claims.keys()]).toEqual(Object.keys(claimedHeaders));
  });

  test.each([...tokens])("token: %s", async (name, cells) => {
    const { headers = [], query = "" } = known[name] ?? {};
    for (const [group, methods] of methodGroups.entries()) {
      for (const method of methods) {
        const request = { method, path: `/api/activities/home${query}`, headers };
        expect([method, outcome(await path.send(request))]).toEqual([method, cells[group]]);
        for (const [claim, [effect]] of claims) {
          const claiming = { ...request, headers: [...headers, ...(claimedHeaders[claim] ?? [])] };
          const expected = effect === "none" || cells[group] === "431" ? cells[group] : effect;
          expect([method, claim, outcome(await path.send(claiming))]).toEqual([method, claim, expected]);
        }
      }
    }
  });

  test("a request's own headers come through, its Authorization among them", async () => {
    const headers = [...(known.valid?.headers ?? []), ["X-Amzn-Trace-Id", "Root=1-67891233-abcdef"] as const];
    const { seen } = await path.send({ headers });
    expect(seen[0]?.headers).toMatchObject({
      authorization: [known.valid?.headers[0]?.[1]],
      "x-amzn-trace-id": ["Root=1-67891233-abcdef"],
    });
  });

  test("health check and preflight reach the app, whatever they carry", async () => {
    for (const { headers } of Object.values(known)) {
      const tooLong = headers.some(([, value]) => value.length > 16_000);
      const preflight = [
        ["Origin", "https://cruddur.example.com"] as const,
        ["Access-Control-Request-Method", "POST"] as const,
      ];
      for (const [claim, claimed] of Object.entries(claimedHeaders)) {
        const expected = tooLong ? "431" : claims.get(claim)?.[0] === "400" ? "400" : "200 nobody";
        const check = { path: "/api/health-check", headers: [...headers, ...claimed] };
        expect(outcome(await path.send(check))).toBe(expected);
        expect(outcome(await path.send({ ...check, method: "HEAD" }))).toBe(expected);
        const flight = { method: "OPTIONS", path: "/api/messages", headers: [...headers, ...claimed, ...preflight] };
        expect(outcome(await path.send(flight))).toBe(expected);
      }
    }
  });

  test("neither opens another door", async () => {
    expect(outcome(await path.send({ method: "POST", path: "/api/health-check" }))).toBe("401");
    expect(outcome(await path.send({ method: "POST", path: "/api/health-check/../messages" }))).toBe("401");
    expect(outcome(await path.send({ method: "OPTIONS", path: "/api/messages" }))).toBe("401");
    const asPreflight = [["Origin", "https://x.example"] as const, ["Access-Control-Request-Method", "POST"] as const];
    expect(outcome(await path.send({ method: "POST", headers: asPreflight }))).toBe("401");
  });

  test.each([
    ["letters of any script", "zoë.名前"],
    ["a comma", "a,b"],
    ["what looks like a format of Envoy's", "%REQ(authorization)%"],
    ["the longest that Cognito allows", "x".repeat(128)],
  ])("a name with %s is handed on as it is", async (_what, username) => {
    const headers = [["Authorization", `Bearer ${path.pool.token(username)}`] as const];
    for (const method of ["GET", "POST"]) {
      const { status, seen } = await path.send({ method, headers });
      const names = seen[0]?.headers[usernameHeader]?.map((name) => Buffer.from(name, "latin1").toString("utf8"));
      expect([method, status, names]).toEqual([method, 200, [username]]);
    }
  });

  test("no part of a token is logged", async () => {
    const marks = Object.values(known)
      .flatMap(({ headers, query = "" }) => [...headers.map(([, value]) => value), query])
      .flatMap((text) => text.split(/[ .=]/))
      .filter((part) => part.length > 12);
    expect(marks.length).toBeGreaterThan(30);
    const last = await path.send({ headers: known.valid?.headers });
    await path.logged(last);
    const text = path.envoy.output() + (path.authorizer?.output() ?? "");
    expect(marks.filter((mark) => text.includes(mark))).toEqual([]);
  });
});
