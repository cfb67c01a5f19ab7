import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJwks } from "../../../authz/src/jwks";
import { UserPool } from "../../../local/cognito/user-pool";

const folder = mkdtempSync(join(tmpdir(), "jwks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pool = new UserPool();
const { keys } = pool.jwks() as { keys: Record<string, string>[] };
const [key = {}] = keys;

function read(content: unknown) {
  const file = join(folder, "jwks.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readJwks({ file });
}

describe("reading a key set", () => {
  test("from a file", async () => {
    expect(await read({ keys })).toEqual({ keys });
  });

  test("leaves out what isn't a key for RS256 of 2048 bits or more", async () => {
    const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
    const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
    const others = [
      { ...short, kid: "short" },
      { ...elliptic, kid: "elliptic" },
      { ...key, use: "enc" },
      { ...key, alg: "RS512" },
      { kty: "RSA", kid: "no modulus", e: "AQAB" },
      { ...key, kid: undefined },
    ];
    expect(await read({ keys: [...others, key] })).toEqual({ keys: [key] });
    await expect(read({ keys: others })).rejects.toThrow("no RS256 key");
  });

  test.each(["", "null", "[]", "{}", '{"keys":{}}', '{"keys":[]}', '{"keys":[null]}', '{"keys":[1]}', "<html>"])(
    "refuses %j",
    async (content) => {
      await expect(read(content)).rejects.toThrow();
    },
  );

  test("refuses a file that isn't there", async () => {
    await expect(readJwks({ file: join(folder, "absent") })).rejects.toThrow("ENOENT");
  });

  describe("from a URL", () => {
    let server: Server;
    let url: string;
    beforeAll(async () => {
      server = createServer((request, response) => {
        const path = request.url ?? "";
        if (path === "/moved") response.writeHead(302, { location: "/keys" });
        else response.statusCode = path === "/broken" ? 500 : 200;
        response.end(JSON.stringify({ keys }));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => server.close());

    test("takes what is there, and only with status 200, without following", async () => {
      expect(await readJwks({ url: `${url}/keys` })).toEqual({ keys });
      await expect(readJwks({ url: `${url}/broken` })).rejects.toThrow("500");
      await expect(readJwks({ url: `${url}/moved` })).rejects.toThrow();
    });
  });
});
