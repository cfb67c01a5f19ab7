/** docs/local.md against the code. */
import { differences } from "../../../local/system/differences";
import { documentedRows } from "../../support/documented-tables";

test("what differs on a laptop is the table in the code", () => {
  const cells = differences.map(({ what, deployed, here, reason }) =>
    [what, deployed, here, reason].map((cell) => cell.replaceAll("`", "")),
  );
  expect(documentedRows("What differs on a laptop", "local.md")).toEqual(cells);
});
