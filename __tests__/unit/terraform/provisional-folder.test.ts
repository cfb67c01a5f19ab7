import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ProvisionalFolder, withPlannedOutputs } from "../../../terraform/provisional-folder";
import { readsOutput, remoteStatesOf } from "../../../terraform/remote-states";

const root = mkdtempSync(join(tmpdir(), "stacks-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function stack(id: string, document: object) {
  const folder = join(root, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(document));
  return { id, folder };
}

const local = (path: string) => ({ backend: "local", config: { path } });
const s3 = (key: string, bucket = "states") => ({ backend: "s3", config: { bucket, key } });
const network = stack("network", { terraform: { backend: { local: { path: "../../network.tfstate" } } } });
const remote = stack("remote", { terraform: { backend: { s3: { bucket: "states", key: "network" } } } });
const app = stack("app", {
  terraform: { backend: { local: { path: "../../app.tfstate" } } },
  locals: { own: 1 },
  data: {
    aws_region: { current: {} },
    terraform_remote_state: {
      network: local("../../network.tfstate"),
      "cross-stack-reference-input-network": local(join(dirname(root), "network.tfstate")),
      zones: local("../../zones.tfstate"),
      shared: s3("network"),
      other: s3("network", "others"),
    },
  },
  resource: {
    aws_x: {
      y: {
        a: '${data.terraform_remote_state.network.outputs.arns["orders"]}',
        b: "${data.terraform_remote_state.zones.outputs.id}",
        c: '${data.terraform_remote_state.shared.outputs["vpc-id"]}',
        d: "${keys(data.terraform_remote_state.other.outputs)}",
      },
    },
  },
});

test("a remote state is another stack's by the place that it reads, whatever its name", () => {
  expect(remoteStatesOf(app, network)).toEqual(["network", "cross-stack-reference-input-network"]);
  expect(remoteStatesOf(app, remote)).toEqual(["shared"]);
  expect(remoteStatesOf(network, app)).toEqual([]);
});

test("which outputs are read; where it can't be told, all", () => {
  expect(readsOutput(app, "network", ["arns"])).toBe(true);
  expect(readsOutput(app, "network", ["arn", "id"])).toBe(false);
  expect(readsOutput(app, "shared", ["vpc-id"])).toBe(true);
  expect(readsOutput(app, "other", ["anything"])).toBe(true);
});

test("planned outputs go where the remote state's went, and nothing else moves", () => {
  const document = JSON.parse(readFileSync(join(app.folder, "cdk.tf.json"), "utf8"));
  const changed = withPlannedOutputs(document, [{ remoteState: "network", expression: '{"arns" = {}}' }]);
  const { network: _, ...left } = document.data.terraform_remote_state;
  expect(changed).toEqual({
    ...document,
    locals: { own: 1, planned_outputs_of_network: '${{"arns" = {}}}' },
    data: { ...document.data, terraform_remote_state: left },
    resource: {
      aws_x: { y: { ...document.resource.aws_x.y, a: '${local.planned_outputs_of_network.arns["orders"]}' } },
    },
  });
  const alone = withPlannedOutputs({ data: { terraform_remote_state: { network: {} } } }, [
    { remoteState: "network", expression: "{}" },
  ]);
  expect(alone).toEqual({ locals: { planned_outputs_of_network: "${{}}" } });
});

test("the folder lies beside the stack's, for its user alone, with everything that is there, and goes away", () => {
  mkdirSync(join(app.folder, ".terraform", "providers"), { recursive: true });
  writeFileSync(join(app.folder, "more.auto.tfvars"), "x = 1");
  const provisional = new ProvisionalFolder(app, [{ remoteState: "network", expression: "{}" }]);
  expect(dirname(provisional.folder)).toBe(root);
  expect(statSync(provisional.folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(provisional.folder).sort()).toEqual([".terraform", "cdk.tf.json", "more.auto.tfvars"]);
  expect(existsSync(join(provisional.folder, ".terraform", "providers"))).toBe(true);
  provisional.remove();
  expect(readdirSync(root).sort()).toEqual(["app", "network", "remote"]);
  expect(existsSync(join(app.folder, ".terraform", "providers"))).toBe(true);
});
