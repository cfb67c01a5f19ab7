import { apiFetch } from "../../../frontend/src/api-fetch";

const backendUrl = "https://api.cruddur.example.com";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** An API that answers with these statuses, and tokens that come in this order; the last of each stays. */
function parts(statuses: readonly number[], tokens: readonly (string | null | Error)[]) {
  const sent: Sent[] = [];
  /** The refused token, of each time a token was asked for. */
  const asked: (string | undefined)[] = [];
  const next = <Item>(items: readonly Item[], index: number) => items[Math.min(index, items.length - 1)] as Item;
  const token = async (refused: string | undefined) => {
    const given = next(tokens, asked.length);
    asked.push(refused);
    if (given instanceof Error) throw given;
    return given;
  };
  const call = apiFetch({
    backendUrl,
    session: {
      getAccessToken: () => token(undefined),
      replaceAccessToken: (refused) => token(refused),
    },
    fetch: async (input) => {
      const request = input as Request;
      const { url, method, headers } = request;
      sent.push({ url, method, authorization: headers.get("authorization"), body: await request.text() });
      return new Response(null, { status: next(statuses, sent.length - 1) });
    },
  });
  return { call, sent, asked };
}

test("a token goes along, and a path counts from the API's URL", async () => {
  const { call, sent, asked } = parts([200], ["one"]);
  expect((await call("/api/activities/home")).status).toBe(200);
  expect(sent).toEqual([
    { url: `${backendUrl}/api/activities/home`, method: "GET", authorization: "Bearer one", body: "" },
  ]);
  expect(asked).toEqual([undefined]);
});

test("without a token there is no header, whatever the caller has set", async () => {
  const { call, sent, asked } = parts([401], [null]);
  const response = await call(`${backendUrl}/api/x`, { headers: { Authorization: "Bearer undefined" } });
  expect([response.status, sent.map(({ authorization }) => authorization), asked]).toEqual([401, [null], [undefined]]);
});

test.each(["https://elsewhere.example.com/api", "https://api.cruddur.example.com.evil.example/api", "//evil.example/"])(
  "no token goes to %s",
  async (url) => {
    const { call, sent, asked } = parts([401], ["one"]);
    await call(url);
    expect(sent.map(({ authorization }) => authorization)).toEqual([null]);
    expect(asked).toEqual([]);
  },
);

test("a 401 is tried again with a new token, body and all, and once", async () => {
  const { call, sent, asked } = parts([401, 401], ["old", "new", "newer"]);
  const response = await call("/api/activities", { method: "POST", body: "hello" });
  expect(response.status).toBe(401);
  expect(sent.map(({ method, authorization, body }) => [method, authorization, body])).toEqual([
    ["POST", "Bearer old", "hello"],
    ["POST", "Bearer new", "hello"],
  ]);
  expect(asked).toEqual([undefined, "old"]);
});

test.each([
  ["the new token is the old one", ["old", "old"]],
  ["the session has ended", ["old", null]],
])("a 401 stays where %s", async (_what, tokens) => {
  const { call, sent } = parts([401, 200], tokens);
  expect((await call("/api/x")).status).toBe(401);
  expect(sent.length).toBe(1);
});

test("a stream is sent once", async () => {
  const { call, sent, asked } = parts([401, 200], ["old", "new"]);
  const body = new Blob(["streamed"]).stream();
  const init = { method: "POST", body, duplex: "half" } as RequestInit;
  expect((await call("/api/x", init)).status).toBe(401);
  expect([sent.map((one) => one.body), asked]).toEqual([["streamed"], [undefined]]);
});

test("where no token can be had, it rejects and sends nothing", async () => {
  const { call, sent } = parts([200], [new Error("NetworkError")]);
  await expect(call("/api/x")).rejects.toThrow("NetworkError");
  expect(sent).toEqual([]);
});
