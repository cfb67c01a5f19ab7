import { Secrecy, withheld, withheldChanged } from "../../../explain/secrecy";
import type { Plan } from "../../../lib/terraform";
import { planned, planOf } from "../../support/plans";

describe("Secrecy", () => {
  test("withholds what Terraform marks, and still tells whether it changes", () => {
    const change = planned("a.b", {
      before: { open: "x", key: "one-secret", list: [{ inner: "deep-secret" }, "y"], same: "kept-secret", none: null },
      after: {
        open: "z",
        key: "new-secret",
        list: [{ inner: "deep-other" }, "y"],
        same: "kept-secret",
        none: "first-secret",
      },
      change: {
        before_sensitive: { key: true, list: [{ inner: true }, false], same: true },
        after_sensitive: { key: true, list: [{ inner: true }, false], same: true, none: true },
      },
    });
    const { before, after } = new Secrecy(planOf(change)).cleanChange(change).change;
    expect(before).toEqual({ open: "x", key: withheld, list: [{ inner: withheld }, "y"], same: withheld, none: null });
    expect(after).toEqual({
      open: "z",
      key: withheldChanged,
      list: [{ inner: withheldChanged }, "y"],
      same: withheld,
      none: withheldChanged,
    });
  });

  test.each([
    "password",
    "master_password",
    "secret_string",
    "auth_token",
    "private_key",
    "user_data",
    "api_key",
    "environment",
  ])("withholds an unmarked argument that is called %s", (name) => {
    const change = planned("a.b", { before: { [name]: { x: "1" } }, after: { [name]: { x: "2" } } });
    const { before, after } = new Secrecy(planOf(change)).cleanChange(change).change;
    expect([before, after]).toEqual([{ [name]: withheld }, { [name]: withheldChanged }]);
  });

  test("tells how long tokens are valid, which is none", () => {
    const change = planned("a.b", { before: { access_token_validity: 60 }, after: { access_token_validity: 5 } });
    expect(new Secrecy(planOf(change)).cleanChange(change)).toEqual(change);
  });

  test("finds a sensitive variable's value wherever it has got to, also in JSON", () => {
    const policy = JSON.stringify({ value: 'pa"ss-word' });
    const change = planned("a.b", { before: { policy: "{}" }, after: { policy, note: 'it is pa"ss-word!' } });
    const plan: Plan = {
      ...planOf(change),
      variables: { db: { value: 'pa"ss-word' }, region: { value: "eu-west-1" } },
      configuration: { root_module: { variables: { db: { sensitive: true }, region: {} } } },
    };
    const secrecy = new Secrecy(plan);
    expect(secrecy.cleanChange(change).change.after).toEqual({
      policy: `{"value":"${withheld}"}`,
      note: `it is ${withheld}!`,
    });
    expect(secrecy.clean("in eu-west-1")).toBe("in eu-west-1");
  });

  test("takes a short secret out only where it is the whole value", () => {
    const change = planned("a.b", {
      before: { x: "" },
      after: { x: "u", y: "u or you" },
      change: { after_sensitive: { z: true } },
    });
    const marking = planned("c.d", {
      before: { z: "u" },
      after: { z: "u" },
      change: { before_sensitive: { z: true } },
    });
    const { after } = new Secrecy(planOf(change, marking)).cleanChange(change).change;
    expect(after).toEqual({ x: withheld, y: "u or you" });
  });

  test("a sensitive output's value is none to print either", () => {
    const plan = {
      output_changes: { o: { actions: ["create"], before: null, after: "output-secret", after_sensitive: true } },
    };
    expect(new Secrecy(plan as Plan).clean("=output-secret=")).toBe(`=${withheld}=`);
  });
});
