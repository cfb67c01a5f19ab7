import { Redrawing } from "../../../lib/redrawing";

function onStream(rows: number) {
  let written = "";
  const stream = { rows, write: (bytes: Buffer) => (written += bytes.toString()) } as unknown as NodeJS.WriteStream;
  return { redrawing: new Redrawing(stream), written: () => written };
}

test("draws in place on the second screen, and goes back", () => {
  const { redrawing, written } = onStream(24);
  redrawing.draw("one\ntwo\n");
  redrawing.draw("three");
  redrawing.end();
  redrawing.end();
  const sequence = "\u001b[";
  expect(written().split(`${sequence}?1049`)).toHaveLength(3);
  expect(written()).toContain(`${sequence}Hone${sequence}K\r\ntwo${sequence}K${sequence}J${sequence}Hthree`);
  expect(written().endsWith(`${sequence}?1049l`)).toBe(true);
});

test("cuts what is longer than the terminal, and says so", () => {
  const { redrawing, written } = onStream(4);
  redrawing.draw("1\n2\n3\n4\n5");
  expect(written()).toContain("(3 more lines)");
  expect(written()).not.toContain("3\u001b[K\r\n4");
});

test("what a terminal would obey is shown", () => {
  const { redrawing, written } = onStream(24);
  redrawing.draw("a\u001b[2Jb");
  expect(written()).toContain("a\\u001b[2Jb");
});
