import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { goldenFiles, goldenFolder } from "../../../tools/testing/golden";

const files = goldenFiles();

/** The first line that differs, as a diff shows it. */
function difference(golden: string, synthesized: string): string | undefined {
  if (golden === synthesized) return undefined;
  const [before, after] = [golden.split("\n"), synthesized.split("\n")];
  const line = before.findIndex((text, index) => text !== after[index]);
  const at = line === -1 ? before.length : line;
  return `line ${at + 1}:\n- ${before[at] ?? "(end)"}\n+ ${after[at] ?? "(end)"}`;
}

describe("the golden files", () => {
  test("are those of both stacks", () => {
    expect(files.map(({ file }) => file)).toEqual(["network", "app"].map((id) => join(goldenFolder, `${id}.tf.json`)));
    expect(readdirSync(join(project, goldenFolder)).filter((name) => name.endsWith(".tf.json"))).toHaveLength(2);
  });

  test.each(files)("$file is what the default settings synthesize, to the byte", ({ file, text }) => {
    const found = difference(readFileSync(join(project, file), "utf8"), text);
    if (found === undefined) return;
    throw new Error(
      `${file} differs at ${found}\nIf that is meant, renew it with "npm run golden" and review the diff.`,
    );
  });
});
