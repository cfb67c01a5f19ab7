/**
 * An authorizer after the original's design: Express, and each request verified anew by aws-jwt-verify. It logs tokens and
 * payloads as the original does, unless SILENT is set.
 */
const { readFileSync } = require("node:fs");
const { CognitoJwtVerifier } = require("aws-jwt-verify");
const express = require("express");

const { AWS_COGNITO_USER_POOL_ID: userPoolId, AWS_COGNITO_USER_POOL_CLIENT_ID: clientId, JWKS, PORT } = process.env;

const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: "access" });
verifier.cacheJwks(JSON.parse(readFileSync(JWKS, "utf8")));

const log = process.env.SILENT === undefined ? console.log : () => {};

async function usernameOf(request) {
  const authorization = request.header("authorization");
  log(`${request.method} ${request.originalUrl} with authorization ${authorization}`);
  const [scheme, token] = authorization?.split(" ") ?? [];
  const payload = await verifier.verify(scheme === "Bearer" ? token : authorization);
  log("Valid, with payload", payload);
  return payload.username;
}

const app = express();
app.get("/health-check", (_request, response) => response.json({ status: "ok" }));

app.get("/api/*", async (request, response) => {
  try {
    response.append("x-cognito-username", await usernameOf(request)).json({ Status: "Ok" });
  } catch {
    response.status(200).end();
  }
});

app.post("/api/*", async (request, response) => {
  try {
    response.append("x-cognito-username", await usernameOf(request)).json({ Status: "Ok" });
  } catch {
    response.status(403).json({ statusCode: 403, message: "Forbidden" });
  }
});

app.listen(Number(PORT));
