/** Plans by the real Terraform of what needs no provider: what they are made over, and when a folder is initialized. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Planning } from "../../../../operations/deploy/planning";
import { Terraform } from "../../../../terraform/terraform";

const root = realpathSync(mkdtempSync(join(tmpdir(), "planning-")));
const folder = join(root, "app");
const stack = { id: "app", folder };
let planning: Planning;

function write(input: string, state = "one.tfstate"): void {
  const resource = { terraform_data: { some: { input } } };
  const terraform = { backend: { local: { path: join(root, state) } } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform, resource }));
}

beforeAll(() => {
  mkdirSync(folder);
  write("one");
});
beforeEach(() => {
  planning = new Planning({ varFiles: [] });
});
afterEach(() => planning.close());
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a folder is initialized where it hasn't been, and there is no state yet", async () => {
  const basis = await planning.basis(stack);
  expect(basis).toEqual({ tool: expect.stringMatching(/^Terraform 1\./), providers: {}, state: null });
  expect(existsSync(join(folder, ".terraform"))).toBe(true);
});

test("a plan that is restored is the one that was made, readable by the user alone", async () => {
  const made = await planning.plan(stack);
  const later = new Planning({ varFiles: [] });
  const restored = later.restored(stack, readFileSync(made.file), made);
  expect(restored).toEqual({ ...made, text: "", file: restored.file });
  expect(statSync(restored.file).mode & 0o777).toBe(0o600);
  write("another");
  await new Terraform(folder).apply(restored.file);
  later.close();
  expect(existsSync(restored.file)).toBe(false);
  const { lineage, serial, outputs } = JSON.parse(readFileSync(join(root, "one.tfstate"), "utf8"));
  expect(outputs).toEqual({});
  expect(readFileSync(join(root, "one.tfstate"), "utf8")).toContain('"one"');
  expect((await planning.basis(stack)).state).toEqual({ lineage, serial });
});

test("after the backend has changed it is initialized again, and a refusal of that is told", async () => {
  write("one", "two.tfstate");
  const { state } = await planning.basis(stack).catch((error: Error) => ({ state: error.message }));
  // A local backend's state would be migrated, which Terraform asks about.
  expect(state).toMatch(/The plan of app failed[\s\S]*Backend configuration changed/);
  rmSync(join(folder, ".terraform"), { recursive: true });
  expect((await planning.plan(stack)).plan.resource_changes).toHaveLength(1);
});
