import { decodedText } from "../../../lib/decoded-text";

test.each<[string, Buffer]>([
  ["UTF-8", Buffer.from("é{}")],
  ["UTF-8 with a mark", Buffer.from("\uFEFFé{}")],
  ["UTF-16 with a mark", Buffer.from("\uFEFFé{}", "utf16le")],
  ["UTF-16 of the other order with a mark", Buffer.from("\uFEFFé{}", "utf16le").swap16()],
  ["UTF-16", Buffer.from("é{}", "utf16le")],
  ["UTF-16 of the other order", Buffer.from("é{}", "utf16le").swap16()],
])("reads %s", (_encoding, bytes) => {
  expect(decodedText(bytes)).toBe("é{}");
});

test("reads nothing, and no other encoding", () => {
  expect(decodedText(Buffer.of())).toBe("");
  expect(decodedText(Buffer.from("é", "latin1"))).toBeUndefined();
});
