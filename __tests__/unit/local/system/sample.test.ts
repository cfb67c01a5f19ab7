/** The sample has all that its images are built of. */
import { contextEntries } from "../../../../images/context";
import { sampleContexts } from "../../../../local/system/sample";
import { project } from "../../../support/project";

test.each(Object.entries(sampleContexts(project)))("%s", (_name, context) => {
  const paths = contextEntries(context).map(({ path }) => path);
  expect(paths).toContain(context.dockerfile);
  expect(new Set(paths).size).toBe(paths.length);
});
