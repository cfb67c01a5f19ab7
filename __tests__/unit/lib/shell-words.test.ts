import { execFileSync } from "node:child_process";
import { commandLine } from "../../../lib/shell-words";

test("one word is a command line already", () => {
  expect(commandLine(["ls -la /tmp | wc"])).toBe("ls -la /tmp | wc");
});

test.each([
  [["ls", "-la", "/tmp"]],
  [["echo", "a b", "it's", "$HOME", "", "*", 'say "hi"', "back\\slash", "new\nline"]],
])("a shell reads %j back as it was", (words) => {
  const shell = execFileSync("sh", ["-c", `printf '%s\\0' ${commandLine(words)}`], { encoding: "utf8" });
  expect(shell.split("\0").slice(0, -1)).toEqual(words);
});
