/**
 * Service Connect writes an IPv4 and an IPv6 address of each name into a task's /etc/hosts, and a task without IPv6 has no
 * route to the latter.
 */
import { backendFlask } from "../../../services/backend-flask";
import { publishedEndpoint } from "../../../services/definition";
import { modes, outcome, startRequestPath } from "../../support/request-path";

const { host } = publishedEndpoint({ name: backendFlask.name, containerPort: 1 });

describe.each(modes)("%s", (mode) => {
  /** Of the documentation's range (RFC 3849): routed nowhere. */
  const unroutable = "2001:db8::7";

  test.each([
    ["reaches app and authorizer by IPv4", "V4_ONLY", "200 alice"],
    ["would not with Envoy's default", "AUTO", "503"],
  ])(
    "%s",
    async (_what, family, expected) => {
      const path = await startRequestPath(mode, {
        host,
        hosts: `127.0.0.1 ${host}\n${unroutable} ${host}\n`,
        edited: (yaml) => yaml.replaceAll("dns_lookup_family: V4_ONLY", `dns_lookup_family: ${family}`),
      });
      try {
        const headers = [["Authorization", `Bearer ${path.pool.token("alice")}`] as const];
        expect(outcome(await path.send({ method: "POST", headers }))).toBe(expected);
      } finally {
        await path.stop();
      }
    },
    60_000,
  );
});
