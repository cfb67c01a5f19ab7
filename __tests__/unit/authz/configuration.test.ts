import { readConfiguration } from "../../../authz/src/configuration";

const complete = { AWS_COGNITO_USER_POOL_ID: "eu-central-1_AbCdEf123", AWS_COGNITO_USER_POOL_CLIENT_ID: "1example23" };

describe("the authorizer's configuration", () => {
  test("needs pool and client alone", () => {
    expect(readConfiguration(complete)).toEqual({
      userPoolId: "eu-central-1_AbCdEf123",
      clientId: "1example23",
      port: 8123,
      jwks: { url: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123/.well-known/jwks.json" },
    });
  });

  test("takes what is set to nothing as not set", () => {
    expect(readConfiguration({ ...complete, PORT: "", JWKS: "" })).toEqual(readConfiguration(complete));
    expect(() => readConfiguration({ ...complete, AWS_COGNITO_USER_POOL_CLIENT_ID: "" })).toThrow("is missing");
  });

  test.each([
    ["keys.json", { file: "keys.json" }],
    ["/etc/authz/keys.json", { file: "/etc/authz/keys.json" }],
    ["file:///etc/authz/keys%20.json", { file: "/etc/authz/keys .json" }],
    ["http://localhost:9229/keys.json", { url: "http://localhost:9229/keys.json" }],
    ["https://example.com/keys.json", { url: "https://example.com/keys.json" }],
  ])("JWKS %s", (value, jwks) => {
    expect(readConfiguration({ ...complete, JWKS: value, PORT: "0" })).toMatchObject({ jwks, port: 0 });
  });

  test.each([
    ["AWS_COGNITO_USER_POOL_ID", "eu-central-1", '"eu-central-1"'],
    ["AWS_COGNITO_USER_POOL_ID", "eu-central-1_a/../b", '"eu-central-1_a/../b"'],
    ["AWS_COGNITO_USER_POOL_CLIENT_ID", "my client", '"my client"'],
    ["PORT", "65536", '"65536"'],
    ["PORT", "-1", '"-1"'],
    ["PORT", "80a", '"80a"'],
    ["PORT", "9".repeat(200), `"${"9".repeat(76)}...`],
  ])("refuses %s=%s in one sentence with the value", (name, value, shown) => {
    expect(() => readConfiguration({ ...complete, [name]: value })).toThrow(
      new RegExp(`^The authorizer can't start: ${name} is ${shown.replaceAll(".", "\\.")}, but must be [^.]+\\.$`),
    );
  });

  test.each(["ftp://example.com/keys", "https://user:secret@example.com/keys", "http://", "file://host/keys"])(
    "refuses JWKS=%s without showing it, as it may hold a secret",
    (value) => {
      const attempt = () => readConfiguration({ ...complete, JWKS: value });
      expect(attempt).toThrow(/^The authorizer can't start: JWKS must be a file or an http\(s\) URL/);
      expect(attempt).not.toThrow(value);
    },
  );

  test("names everything that is wrong at once", () => {
    expect(() => readConfiguration({ PORT: "x", JWKS: "ftp://x" })).toThrow(
      /^The authorizer can't start: AWS_COGNITO_USER_POOL_ID is missing.*; AWS_COGNITO_USER_POOL_CLIENT_ID is missing.*; PORT is "x".*; JWKS must.*\.$/,
    );
  });
});
