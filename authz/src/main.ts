import { accessTokenVerifier } from "./access-token";
import { Authorizer } from "./authorizer";
import { type Configuration, ConfigurationError, readConfiguration } from "./configuration";
import { DecisionCounts } from "./decision-counts";
import { readJwks } from "./jwks";
import { log } from "./log";
import { AuthzServer } from "./server";
import { SigningKeys } from "./signing-keys";
import { VerifiedTokens } from "./verified-tokens";

/** Some 4 MiB when full. */
const rememberedTokens = 40_000;

/** After SIGTERM, for which requests are still taken, while Service Connect and Envoy learn of the end. */
const drainMs = 3000;

/** After which requests that don't end are cut off: well before ECS kills the container (30 s). */
const closeLimitMs = 5000;

function run({ userPoolId, clientId, port, jwks }: Configuration): void {
  const verifier = accessTokenVerifier(userPoolId, clientId);
  const verifiedTokens = new VerifiedTokens(rememberedTokens);
  const keys = new SigningKeys({
    read: () => readJwks(jwks),
    onChange: (changed) => {
      verifier.useKeys(changed);
      // A key that is gone vouches for nothing any more.
      verifiedTokens.clear();
    },
    log,
  });
  const counts = new DecisionCounts(log);
  const server = new AuthzServer({
    authorizer: new Authorizer(verifier, keys, verifiedTokens),
    isHealthy: () => keys.available,
    onDecision: (decision) => counts.add(decision),
  });

  const close = (): void => {
    keys.stop();
    server.drain();
    server.http.close(() => {
      counts.write();
      log("info", "stopped");
      process.exit(0);
    });
    setTimeout(() => server.http.closeAllConnections(), closeLimitMs).unref();
  };
  process.once("SIGTERM", () => {
    log("info", "draining");
    server.drain();
    setTimeout(close, drainMs);
  });
  process.once("SIGINT", close);

  server.http.once("error", ({ message }) => {
    log("error", "can't listen", { reason: message });
    process.exit(1);
  });
  server.http.listen(port, () => {
    const address = server.http.address();
    log("info", "listening", { port: typeof address === "object" && address !== null ? address.port : port });
    keys.start();
  });
}

try {
  run(readConfiguration(process.env));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
