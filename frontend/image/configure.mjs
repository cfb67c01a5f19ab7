/**
 * Before the bundle is built: are all build arguments there and what they should be? Then writes them where the bundler
 * reads them, and nginx's configuration with the origins that a page may call. Without dependencies, as it runs in the
 * image's build before the app's own are installed.
 *
 * node configure.mjs TEMPLATE OUT: writes OUT, and .env.production.local in the current folder
 */
import { readFileSync, writeFileSync } from "node:fs";

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
const origins = [
  given("BACKEND_URL"),
  given("OTEL_COLLECTOR_URL"),
  `https://cognito-idp.${given("AWS_REGION")}.amazonaws.com`,
];
writeFileSync(out, readFileSync(template, "utf8").replaceAll("@CONNECT_ORIGINS@", origins.join(" ")));
// Create React App takes the first form from this file, Vite the second.
const lines = Object.keys(buildArguments).flatMap((name) =>
  ["REACT_APP_", "VITE_"].map((prefix) => `${prefix}${name}=${given(name)}\n`),
);
writeFileSync(".env.production.local", lines.join(""));
