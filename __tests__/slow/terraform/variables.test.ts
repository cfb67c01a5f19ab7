/**
 * What Terraform itself says of the variables that each stack declares, planned alone: their rules need no provider, so that
 * the stack `images` is tried too.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { variableDefinitions } from "../../../constructs/terraform/variables";
import { sampleVariables, tfVariables } from "../../../local/trial/sample-variables";
import { type StackId, stackIds } from "../../../services/names";
import { synthesizedJson } from "../../../stacks/synthesize";
import { Terraform } from "../../../terraform/terraform";
import { defaultSettings } from "../../../tools/testing";
import { project } from "../../support/project";

const folder = mkdtempSync(join(tmpdir(), "variables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stacks = synthesizedJson(project, defaultSettings({ images: { enabled: true } })) as {
  id: StackId;
  json: { variable: Record<string, { default?: null }> };
}[];
const values: Record<string, string> = {
  ...sampleVariables,
  db_password: "a",
  db_connection_url: "b",
  honeycomb_api_key: "c",
  rollbar_access_token: "d",
};

test("every stack is tried", () => expect(stacks.map(({ id }) => id)).toEqual(Object.values(stackIds)));

describe.each(stacks)("the stack $id", ({ id, json: { variable } }) => {
  const place = join(folder, id);
  mkdirSync(place);
  writeFileSync(join(place, "variables.tf.json"), JSON.stringify({ variable }));
  const read = Object.keys(variable).filter((name) => !("default" in (variable[name] ?? {})));
  const planned = (given: Record<string, string>) =>
    new Terraform(place, { environment: tfVariables(given) }).attempt("plan", "-no-color", "-input=false");
  const only = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, values[name] ?? ""]));

  test("plans with the variables that it reads, and without the others", async () => {
    expect(await planned(only(read))).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("refuses what breaks a rule, in every variable that has one, whether it reads it or not", async () => {
    const ruled = variableDefinitions.filter((definition) => "rule" in definition).map(({ name }) => name);
    const { exitCode, stderr } = await planned({
      ...only(read),
      ...Object.fromEntries(ruled.map((name) => [name, ""])),
    });
    expect(exitCode).toBe(1);
    const refused = [...stderr.matchAll(/^(?:│ )?The variable (\w+) must/gm)].map(([, name = ""]) => name);
    expect(refused.sort()).toEqual([...ruled].sort());
  });
});
