/** Where the sources of the Lambda functions are found, and what is said of those that aren't. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionSources } from "../../../../local/system/functions";
import { project } from "../../../support/project";

const functions = { postConfirmation: "PostUserConfirmationTrigger", messageStream: "MessageStream" };
const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
const lambdas = join(checkout, "aws", "lambdas");
const backend = join(checkout, "backend-flask");
mkdirSync(lambdas, { recursive: true });
// As the original has them.
writeFileSync(join(lambdas, "cruddur-post-confirrmation.py"), "");
afterAll(() => rmSync(checkout, { recursive: true }));

test("those of the sample are all there", () => {
  const { files, notes } = functionSources({ project, functions, backend: undefined, told: new Map() });
  expect([Object.keys(files), notes]).toEqual([["postConfirmation", "messageStream"], []]);
});

test("the team's are found in its checkout; what isn't there is said, with what follows", () => {
  const { files, notes } = functionSources({ project, functions, backend, told: new Map() });
  expect(files).toEqual({ postConfirmation: join(lambdas, "cruddur-post-confirrmation.py") });
  expect(notes).toEqual([
    `The source of MessageStream isn't in ${lambdas}, so a new message doesn't reach the lists of its groups: give --function MessageStream=FILE.`,
  ]);
});

test("a file that is told goes first; mistakes are named together", () => {
  const told = new Map([["MessageStream", __filename]]);
  expect(functionSources({ project, functions, backend, told }).files.messageStream).toBe(__filename);
  const wrong = new Map([
    ["Stream", __filename],
    ["MessageStream", "/nowhere.py"],
  ]);
  expect(() => functionSources({ project, functions, backend, told: wrong })).toThrow(
    '--function is for "Stream": give PostUserConfirmationTrigger or MessageStream; --function MessageStream is "/nowhere.py", but there is no such file.',
  );
});
