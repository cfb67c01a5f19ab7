import { synth } from "../../../../tools/testing";

const s3 = {
  type: "s3",
  bucket: "states",
  region: "eu-central-1",
  keys: { network: "cruddur/network.tfstate", app: "02-app/terraform.tfstate" },
};
const backendOf = (settings: object) => {
  const { network, app } = synth({ settings });
  return {
    network: network.json.terraform.backend,
    app: app.json.terraform.backend,
    remote: app.resource("data.terraform_remote_state.network"),
  };
};

describe("the backend", () => {
  test("is local by default, and the app reads the network's file", () => {
    const { network, app, remote } = backendOf({});
    expect(Object.keys(network)).toEqual(["local"]);
    expect(app.local.path.endsWith("/terraform.app.tfstate")).toBe(true);
    expect(remote).toEqual({ backend: "local", config: { path: network.local.path } });
  });

  test("keeps a local state where the settings say, seen from the stack's folder", () => {
    const { network } = backendOf({ backend: { directory: "states" } });
    expect(network.local.path.endsWith("/states/terraform.network.tfstate")).toBe(true);
    expect(backendOf({ backend: { directory: "/var/states" } }).network.local.path).toBe(
      "/var/states/terraform.network.tfstate",
    );
  });

  test("in S3 has a key for each stack, encrypted and locked; the app reads the network's key", () => {
    const { network, app, remote } = backendOf({ backend: s3 });
    const common = { bucket: "states", region: "eu-central-1", encrypt: true };
    expect(network).toEqual({ s3: { ...common, key: "cruddur/network.tfstate", use_lockfile: true } });
    expect(app).toEqual({ s3: { ...common, key: "02-app/terraform.tfstate", use_lockfile: true } });
    expect(remote).toEqual({ backend: "s3", config: { ...common, key: "cruddur/network.tfstate" } });
  });

  test("locks in a table instead, with a profile or a role for the states, in allowed accounts only", () => {
    const { network, remote } = backendOf({
      allowedAccountIds: ["123456789012"],
      backend: {
        ...s3,
        useLockfile: false,
        dynamodbTable: "locks",
        profile: "states",
        roleArn: "arn:aws:iam::123456789012:role/states",
      },
    });
    expect(network.s3).toMatchObject({
      use_lockfile: false,
      dynamodb_table: "locks",
      profile: "states",
      assume_role: { role_arn: "arn:aws:iam::123456789012:role/states" },
      allowed_account_ids: ["123456789012"],
    });
    expect(remote.config).toMatchObject({ profile: "states", assume_role: network.s3.assume_role });
    expect(remote.config).not.toHaveProperty("dynamodb_table");
    expect(remote.config).not.toHaveProperty("use_lockfile");
  });

  test("for an S3-compatible store names its endpoint and leaves out what only AWS has", () => {
    const { network, remote } = backendOf({
      backend: { ...s3, endpoint: "https://minio.example.com", usePathStyle: true },
    });
    expect(network.s3).toMatchObject({
      endpoints: { s3: "https://minio.example.com" },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_requesting_account_id: true,
      skip_s3_checksum: true,
    });
    expect(remote.config.endpoints).toEqual(network.s3.endpoints);
  });
});

describe("allowedAccountIds", () => {
  test("are the provider's", () => {
    const { network, app } = synth({ settings: { allowedAccountIds: ["123456789012"] } });
    for (const stack of [network, app])
      expect(stack.json.provider.aws[0].allowed_account_ids).toEqual(["123456789012"]);
    expect(synth().app.json.provider.aws[0]).not.toHaveProperty("allowed_account_ids");
  });
});
