import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { visible, writeVisibly } from "../../../lib/visible";

test.each<[string, string, string]>([
  ["an escape sequence", "\u001b[2Jgone", "\\u001b[2Jgone"],
  ["a title or a link by OSC", "\u001b]8;;http://x\u0007a", "\\u001b]8;;http://x\\u0007a"],
  ["C1's own introducers", "\u009b31m\u009d0;x\u009c", "\\u009b31m\\u009d0;x\\u009c"],
  ["a line that goes back", "safe\rbad", "safe\\rbad"],
  ["backspace and delete", "a\b\u007f", "a\\u0008\\u007f"],
  ["a line turned round", "a\u202eb\u2066c\u200f", "a\\u202eb\\u2066c\\u200f"],
  ["other line ends", "a\u2028b\u0085c", "a\\u2028b\\u0085c"],
  ["tags", "a\u{e0041}", "a\\udb40\\udc41"],
])("%s shows", (_what, text, expected) => {
  expect(visible(text)).toBe(expected);
  expect(JSON.parse(visible(JSON.stringify({ text })))).toEqual({ text });
});

test.each([
  ["lines and tabs", "a\tb\nc\n"],
  ["letters of any kind", "Grüße, 日本, שלום, می\u200cخواهم"],
  ["an emoji of several", "👩\u200d💻"],
])("%s stay", (_what, text) => expect(visible(text)).toBe(text));

test("a line end of Windows is one", () => expect(visible("a\r\nb")).toBe("a\nb"));

test("a stream writes so whatever it is given as text, once; bytes are none of its business", async () => {
  const stream = new PassThrough();
  writeVisibly(stream);
  writeVisibly(stream);
  stream.write("\u001b[31m\\\n");
  stream.write(Buffer.from("\u001b"));
  stream.end();
  expect(await text(stream)).toBe("\\u001b[31m\\\n\u001b");
});
