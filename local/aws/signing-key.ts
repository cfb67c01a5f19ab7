/**
 * The key that moto signs every token of its user pools with. It comes with moto and is no secret; its tokens are valid for an
 * hour, so that one which has expired can only be signed here.
 */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import { motoCommand } from "./moto";

/** @throws UserError where it isn't where moto 5 has it */
export async function motoSigningKey(project: string, report: (line: string) => void): Promise<KeyObject> {
  const command = await motoCommand(project, report);
  // Whichever Python the command runs by, it reads this first.
  const environment = { ...process.env, PYTHONPATH: join(project, "local", "aws", "signing-key") };
  const { stdout } = await runProcess(command, ["--help"], { environment });
  const file = stdout.split("\n").find((line) => line.endsWith("jwks-private.json.gz") && existsSync(line));
  if (file === undefined) throw new UserError(`${command} doesn't tell where moto has its signing key.`);
  return createPrivateKey({ key: withPrimes(JSON.parse(gunzipSync(readFileSync(file)).toString())), format: "jwk" });
}

const toNumber = (text = "") => BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);

function toText(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url");
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

/** The inverse of a number modulo a prime, by Fermat's little theorem. */
const inverse = (number: bigint, prime: bigint) => power(number, prime - 2n, prime);

/**
 * moto's file has n, e and d alone, and Node wants the primes, too: they follow from these.
 * NIST SP 800-56B Rev. 2, appendix C.1: https://csrc.nist.gov/pubs/sp/800/56/b/r2/final
 */
function withPrimes(key: JsonWebKey): JsonWebKey {
  if (key.p !== undefined) return key;
  const [n, e, d] = [toNumber(key.n), toNumber(key.e), toNumber(key.d)];
  let odd = e * d - 1n;
  while (odd % 2n === 0n) odd /= 2n;
  for (let guess = 2n; ; guess += 1n) {
    let root = power(guess, odd, n);
    let square = (root * root) % n;
    while (square !== 1n && root !== 1n && root !== n - 1n) [root, square] = [square, (square * square) % n];
    if (root === 1n || root === n - 1n) continue;
    const p = commonDivisor(root - 1n, n);
    const q = n / p;
    const parts = { p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
    return { ...key, ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, toText(part)])) };
  }
}

/**
 * The same token as it would be two hours later: expired for an hour.
 * @param token that the key has signed
 * @throws UserError where another key has
 */
export function expiredToken(token: string, key: KeyObject): string {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const data = Buffer.from(`${header}.${payload}`);
  if (!verify("sha256", data, createPublicKey(key), Buffer.from(signature, "base64url"))) {
    throw new UserError("The user pool's tokens are signed with another key than the one that comes with moto.");
  }
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const past = Object.fromEntries(
    ["iat", "auth_time", "exp"].flatMap((name) =>
      typeof claims[name] === "number" ? [[name, claims[name] - 2 * 3600]] : [],
    ),
  );
  const changed = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...past })).toString("base64url")}`;
  return `${changed}.${sign("sha256", Buffer.from(changed), key).toString("base64url")}`;
}
