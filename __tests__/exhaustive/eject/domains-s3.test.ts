/** Ejected modules whose states are in S3, and whose hosts are of another domain than their zone: they plan what the stacks plan. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { isMotoGap } from "../../../local/aws/gaps";
import { plannedChanges } from "../../../terraform/plan-changes";
import { type Deployed, deployedSystem } from "../../support/aws/deployed";
import { effects, ejectedPlans, oneState } from "../../support/eject/plans";

const minute = 60_000;
const bucket = "cruddur-states";
const keys = { network: "cruddur/network.tfstate", app: "02-app/terraform.tfstate" };
const folder = mkdtempSync(join(tmpdir(), "ejected-s3-"));
let deployed: Deployed;
let backend: object;

beforeAll(async () => {
  deployed = await deployedSystem();
  const { endpoint } = deployed.aws;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const s3 = new S3Client({ endpoint, region: deployed.region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const { network, app } = deployed.states;
  const texts = { [keys.network]: network, [keys.app]: app, "one.tfstate": oneState(deployed) };
  for (const [Key, Body] of Object.entries(texts)) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  backend = { type: "s3", bucket, region: deployed.region, keys, endpoint, usePathStyle: true };
}, 10 * minute);

afterAll(async () => {
  await deployed?.aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

const plansOf = (name: string, settings: object) =>
  ejectedPlans(deployed, { folder: join(folder, name), settings, backend, one: [keys.app, "one.tfstate"] });

test(
  "over states in S3 both forms plan what the stacks plan: nothing",
  async () => {
    const plans = await plansOf("s3", {});
    const expected = effects(...plans.stacks);
    expect(expected.changes).toHaveLength(56);
    expect(effects(...plans.ejected)).toEqual(expected);
    expect(effects(plans.oneRoot)).toEqual(expected);
    expect(plannedChanges(plans.oneRoot).filter((change) => !isMotoGap(change))).toEqual([]);
  },
  5 * minute,
);

test(
  "with a zone of one domain and hosts of another, they plan what the stacks plan: other records, certificate and rules",
  async () => {
    const plans = await plansOf("domains", { subdomain: "beta" });
    const expected = effects(...plans.stacks);
    const created = expected.changes.filter(({ change }) => change.actions.includes("create"));
    expect(JSON.stringify(created.map(({ change }) => change.after))).toContain("beta.cruddur.example.com");
    expect(created.map(({ address }) => address)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^aws_acm_certificate\./)]),
    );
    expect(effects(...plans.ejected)).toEqual(expected);
    expect(effects(plans.oneRoot)).toEqual(expected);
  },
  5 * minute,
);
