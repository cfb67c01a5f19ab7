import { randomBytes } from "node:crypto";
import { isOfKind, sealed, sealingKey, unsealed } from "../../../lib/sealed";
import { UserError } from "../../../lib/user-error";

const key = randomBytes(32);
const content = Buffer.from("what only who has the key can read");

test("the key gives the content back, and no two files are alike", () => {
  const [one, other] = [sealed(content, key, "kind 1"), sealed(content, key, "kind 1")];
  expect(unsealed(one, key, "kind 1")).toEqual(content);
  expect(one.equals(other)).toBe(false);
  expect(one.includes("only who")).toBe(false);
  expect(unsealed(sealed(Buffer.alloc(0), key, "k"), key, "k")).toEqual(Buffer.alloc(0));
});

test("another key, any changed byte and any shorter file open nothing", () => {
  const file = sealed(content, key, "kind 1");
  expect(unsealed(file, randomBytes(32), "kind 1")).toBeUndefined();
  for (let at = 0; at < file.length; at += 1) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(unsealed(changed, key, "kind 1")).toBeUndefined();
    expect(unsealed(file.subarray(0, at), key, "kind 1")).toBeUndefined();
  }
});

test("a file of one kind isn't taken for another's", () => {
  const file = sealed(content, key, "kind 1");
  expect([isOfKind(file, "kind 1"), isOfKind(file, "kind 2"), isOfKind(file, "kind")]).toEqual([true, false, false]);
  const renamed = Buffer.concat([Buffer.from("kind 2"), file.subarray("kind 2".length)]);
  expect(isOfKind(renamed, "kind 2")).toBe(true);
  expect(unsealed(renamed, key, "kind 2")).toBeUndefined();
});

test("a key is 32 bytes in base64, and what it is instead isn't said", () => {
  expect(sealingKey("K", { K: `${key.toString("base64")}\n` })).toEqual(key);
  const wrong = [
    randomBytes(31).toString("base64"),
    randomBytes(33).toString("base64"),
    key.toString("hex"),
    "not base64 at all, though it is as long as",
    `${key.toString("base64")}!`,
  ];
  for (const text of wrong) {
    expect(() => sealingKey("K", { K: text })).toThrow(/^K is no key: give 32 random bytes in base64/);
    expect(() => sealingKey("K", { K: text })).not.toThrow(text);
  }
  for (const environment of [{}, { K: " " }]) expect(() => sealingKey("K", environment)).toThrow(UserError);
});
