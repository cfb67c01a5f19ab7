import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseOtherPlaces, refuseUnwritable } from "../../../state/refused-places";

const s3 = (key: string, more: object = {}) => ({ type: "s3" as const, arguments: { bucket: "states", key, ...more } });
const local = (path: string) => ({ type: "local" as const, arguments: { path } });

test.each([
  [
    "another kind of backend",
    s3("app"),
    { network: local("/n"), app: local("/a") },
    'set backend.type to "s3" with bucket',
  ],
  ["another key", s3("old"), { network: s3("network"), app: s3("app") }, "set backend.bucket and backend.keys.app"],
  ["the network's place", local("/n"), { network: local("/n"), app: local("/a") }, "give backend.keys.network another"],
  [
    "another lock",
    s3("app", { dynamodb_table: "locks" }),
    { network: s3("network"), app: s3("app", { use_lockfile: true }) },
    "set backend.dynamodbTable",
  ],
])("%s is refused", (_what, from, targets, sentence) => {
  expect(() => refuseOtherPlaces(from, targets)).toThrow(sentence);
});

test("a file from elsewhere and the app's own place are taken", () => {
  expect(() => refuseOtherPlaces(local("/old"), { network: local("/n"), app: local("/a") })).not.toThrow();
  expect(() => refuseOtherPlaces(s3("app"), { network: s3("network"), app: s3("app") })).not.toThrow();
});

test("a folder that can't come to be is refused before anything is tried", () => {
  const folder = mkdtempSync(join(tmpdir(), "places-"));
  try {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => refuseUnwritable(join(folder, "a", "b"), "The states")).not.toThrow();
    expect(() => refuseUnwritable(join(file, "runs"), "The states")).toThrow(`${file} refuses it (it is no folder)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
