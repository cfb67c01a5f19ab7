import { spansOf, timedSpansOf } from "../../../../local/collector/otlp";

const message = (number: number, content: Buffer) =>
  Buffer.concat([
    Buffer.from([number * 8 + 2, 128 + (content.length % 128), Math.floor(content.length / 128)]),
    content,
  ]);

const span = (name: string) =>
  Buffer.concat([
    message(1, Buffer.from("0102030405060708090a0b0c0d0e0f10", "hex")),
    message(2, Buffer.from("0102030405060708", "hex")),
    message(5, Buffer.from(name)),
    // kind, a varint; start and end, fixed64; flags, fixed32.
    Buffer.from([6 * 8, 3, 7 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8]),
    Buffer.from([128 + 5, 1, 1, 2, 3, 4]),
  ]);

const attribute = Buffer.concat([
  message(1, Buffer.from("service.name")),
  message(2, message(1, Buffer.from("backend"))),
]);
const resource = message(1, attribute);
const fixed64 = (number: number, value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([Buffer.from([number * 8 + 1]), bytes]);
};

test("tells service, parent, times and errors of a span", () => {
  const timed = Buffer.concat([
    message(4, Buffer.from("ffffffffffffffff", "hex")),
    message(5, Buffer.from("query")),
    fixed64(7, 1_700_000_000_000_000_000n),
    fixed64(8, 1_700_000_000_012_500_000n),
    message(15, Buffer.from([3 * 8, 2])),
  ]);
  const request = message(1, Buffer.concat([message(1, resource), message(2, message(2, timed))]));
  const expected = {
    service: "backend",
    parentSpanId: "ffffffffffffffff",
    name: "query",
    startMs: 1.7e12,
    isError: true,
  };
  expect(timedSpansOf(request)).toEqual([expect.objectContaining(expected)]);
  expect(timedSpansOf(request)[0]?.durationMs).toBeCloseTo(12.5, 2);
});

test("finds the spans of an export among everything else", () => {
  const scopeSpans = Buffer.concat([message(1, Buffer.from("scope")), message(2, span("a".repeat(200)))]);
  const resourceSpans = Buffer.concat([message(1, resource), message(2, scopeSpans)]);
  const second = message(1, message(2, message(2, span("zoë"))));
  const received = spansOf(Buffer.concat([message(1, resourceSpans), second]));
  expect(received.map(({ name }) => name)).toEqual(["a".repeat(200), "zoë"]);
  expect(received[0]).toMatchObject({ traceId: "0102030405060708090a0b0c0d0e0f10", spanId: "0102030405060708" });
});

test("an empty export has none", () => expect(spansOf(Buffer.alloc(0))).toEqual([]));

test.each([
  ["text", Buffer.from("hello")],
  ["a message that is cut off", message(1, Buffer.alloc(40)).subarray(0, 20)],
])("refuses %s", (_what, bytes) => {
  expect(() => spansOf(bytes)).toThrow(/Wire type|ends within/);
});
