import { nestingOf } from "../../../lib/nesting";

test.each([
  ["1", 0],
  ["{}", 1],
  ['{"a":[{"b":1}],"c":[]}', 3],
  ['{"[[[":"{{{\\"[[","x":"\\\\"}', 1],
])("%s: %d", (json, depth) => {
  expect(nestingOf(json)).toBe(depth);
});
