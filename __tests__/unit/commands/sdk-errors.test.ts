/** Whatever name AWS gives an error, every command ends in one sentence. */
import { userErrorOf } from "../../../commands/shared/command";
import { stateBucketWarning } from "../../../state/bucket";
import { refuseHeldLocks } from "../../../state/held-lock";
import { dropDigest } from "../../../state/lock-table";
import type { Backend } from "../../../state/place";
import { answering } from "../../support/answering";

const names = [
  ...["NamespaceNotFoundException", "PlatformUnknownException", "BlockedException", "UpdateInProgressException"],
  ...["KmsException", "InvalidLayerException", "OptInRequired", "AccountSuspended", "NoSuchWebsiteConfiguration"],
  ...["InvalidObjectState", "ReplicaNotFoundException", "TransactionConflict", "PolicyTypeNotEnabledException"],
  ...["InvalidS3ObjectException", "EncryptionFailure", "DependencyViolation", "StaleTagSet", "UnheardOf1"],
  ...["Unheard.Of.Two", "SomethingThatNobodyHasHeardOf"],
];

test.each(names)("%s, in a command that has no list of errors", (name) => {
  const error = Object.assign(new Error("No\n  such \u001b[31mthing."), { name, $metadata: { httpStatusCode: 409 } });
  expect(userErrorOf(error)?.message).toBe(`AWS refuses this with ${name} (HTTP 409): No such [31mthing.`);
});

test("a network that refuses somebody else isn't AWS", () => {
  expect(userErrorOf(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))).toBeUndefined();
});

describe("what the state commands ask of S3 and DynamoDB", () => {
  const environment = { ...process.env };
  beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" }));
  afterAll(() => {
    process.env = environment;
  });
  const backendAt = (endpoint: string): Backend => ({
    type: "s3",
    arguments: {
      ...{ bucket: "states", key: "app.tfstate", dynamodb_table: "locks", use_lockfile: true, region: "eu-central-1" },
      ...{ endpoints: { s3: endpoint, dynamodb: endpoint }, use_path_style: true },
    },
  });
  const xml = (name: string) => `<Error><Code>${name}</Code><Message>No such\n thing.</Message></Error>`;

  test.each(names)("%s", async (name) => {
    const aws = await answering(({ headers }) => ({
      status: 400,
      body:
        headers["x-amz-target"] === undefined
          ? xml(name)
          : JSON.stringify({ __type: name, message: "No such\nthing." }),
    }));
    try {
      const backend = backendAt(aws.endpoint);
      await expect(refuseHeldLocks([backend])).resolves.toBeUndefined();
      const warning = await stateBucketWarning(backend);
      expect(warning).toContain(`(${name}: No such thing)`);
      expect(warning).not.toContain("\n");
      const dropped = await dropDigest(backend).catch((error: Error) => error);
      expect(dropped).toMatchObject({
        name: "UserError",
        message: expect.stringContaining(`(${name}: No such thing)`),
      });
    } finally {
      aws.stop();
    }
  });

  test("a lock that another tool has written, and a page in the place of an answer", async () => {
    const aws = await answering(() => ({ status: 200, body: "<html>sign in</html>" }));
    try {
      await expect(refuseHeldLocks([backendAt(aws.endpoint)])).rejects.toThrow(/is locked by somebody/);
    } finally {
      aws.stop();
    }
  });
});
