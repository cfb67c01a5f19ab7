/**
 * Before the bundle is built: are all build arguments there and what they should be? Then writes them where the bundler
 * reads them, and nginx's configuration with the origins that a page may call. Without dependencies, as it runs in the
 * image's build before the app's own are installed.
 *
 * node configure.mjs TEMPLATE OUT: writes OUT, and .env.production.local beside it
 * node configure.mjs: checks, and writes nothing
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const httpsUrl = /^https:\/\/[a-z0-9.-]+(:\d+)?$/;
/** A laptop has no certificate. */
const localUrl = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/;
const url = {
  fits: (value) => httpsUrl.test(value) || localUrl.test(value),
  such: "https://HOST without a path, or http://localhost:PORT",
};
const pattern = (expression, such) => ({ fits: (value) => expression.test(value), such });

const buildArguments = {
  BACKEND_URL: url,
  AWS_REGION: pattern(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
  AWS_USER_POOLS_ID: pattern(/^[a-z]{2}(-[a-z]+)+-\d_[0-9A-Za-z]+$/, "a user pool's id such as eu-central-1_AbCdEf123"),
  AWS_USER_POOLS_WEB_CLIENT_ID: pattern(/^[\w+]{1,128}$/, "the id of the user pool's client"),
  OTEL_COLLECTOR_URL: url,
};

const problems = Object.entries(buildArguments).flatMap(([name, { fits, such }]) => {
  const value = process.env[name] ?? "";
  if (value === "") return [`The build argument ${name} is missing: give --build-arg ${name}=…, ${such}.`];
  return fits(value) ? [] : [`The build argument ${name} is ${JSON.stringify(value)}: give ${such}.`];
});
const [pool = "", region = ""] = [process.env.AWS_USER_POOLS_ID, process.env.AWS_REGION];
// Pages may call Cognito in that region alone.
if (problems.length === 0 && !pool.startsWith(`${region}_`)) {
  problems.push(
    `The build argument AWS_USER_POOLS_ID is ${JSON.stringify(pool)}, but AWS_REGION is ${region}: give the pool's region.`,
  );
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}

const given = (name) => process.env[name];
const [template, out] = process.argv.slice(2);
if (template === undefined) process.exit(0);

const backend = new URL(given("BACKEND_URL"));
/** What the app's own pictures come from: assets.DOMAIN beside api.DOMAIN. */
const assets = /^api\.(.+)$/.exec(backend.host)?.[1];
const origins = {
  CONNECT_ORIGINS: [
    given("BACKEND_URL"),
    // An origin of https allows no socket.
    backend.origin.replace(/^http/, "ws"),
    given("OTEL_COLLECTOR_URL"),
    `https://cognito-idp.${given("AWS_REGION")}.amazonaws.com`,
  ],
  ASSET_ORIGINS: assets === undefined ? [] : [`https://assets.${assets}`],
};
const configuration = Object.entries(origins).reduce(
  (text, [name, list]) => text.replaceAll(` @${name}@`, list.map((origin) => ` ${origin}`).join("")),
  readFileSync(template, "utf8"),
);
writeFileSync(out, configuration);
/** Names under which the app reads one besides: Amplify's configuration has the region of project and of Cognito. */
const alsoCalled = { AWS_REGION: ["AWS_PROJECT_REGION", "AWS_COGNITO_REGION"] };
// Create React App takes the first form from this file, Vite the second.
const lines = Object.keys(buildArguments).flatMap((name) =>
  [name, ...(alsoCalled[name] ?? [])].flatMap((variable) =>
    ["REACT_APP_", "VITE_"].map((prefix) => `${prefix}${variable}=${given(name)}\n`),
  ),
);
writeFileSync(join(dirname(out), ".env.production.local"), lines.join(""));
