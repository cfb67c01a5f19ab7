import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { awsProviderForm } from "../../../settings/aws-provider";
import { settingLeaves } from "../../../settings/leaves";
import { documentedRows } from "../../support/documented-tables";
import { newestNode, oldestNode } from "../../support/node-versions";

const page = readFileSync(join(project, "docs", "outliving-cdktf.md"), "utf8");
const rows = documentedRows("What may end", "outliving-cdktf.md");

test.each(rows)(
  "%s: has a date, something to do, and a test that is there",
  (what = "", when = "", action = "", proof = "") => {
    expect([what, when, action].every((cell) => cell.length > 3)).toBe(true);
    const tests = [...proof.matchAll(/__tests__\/[\w./-]+\.test\.ts/g)].map(([file]) => file);
    expect(tests).not.toEqual([]);
    expect(tests.filter((file) => !existsSync(join(project, file)))).toEqual([]);
  },
);

test("names every thing that the project stands on", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  expect({ ...dependencies, ...devDependencies }).toHaveProperty("cdktf-cli");
  const whats = rows.map(([what = ""]) => what).join("\n");
  for (const part of ["cdktf", "Node", "AWS provider", "Terraform", "PostgreSQL", "X-Ray", "python:"]) {
    expect(whats).toContain(part);
  }
});

test("settings that it names are there", () => {
  const known = new Set(settingLeaves.flatMap(({ path, variable }) => [path, variable]));
  const named = [
    ...page.matchAll(/`(\w+\.(?:engineVersion|pythonBase)|awsProviderVersion|xrayDaemonTag|backendTraces)`/g),
  ];
  expect(named.length).toBeGreaterThan(4);
  expect(named.map(([, name = ""]) => name).filter((name) => !known.has(name))).toEqual([]);
});

test("its links lead somewhere", () => {
  const targets = [...page.matchAll(/\]\(((?!https?:)[^)]+)\)/g)].map(([, target = ""]) => target);
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(
    ([, text = ""]) => `#${text.toLowerCase().replaceAll(" ", "-")}`,
  );
  const broken = targets.filter((target) =>
    target.startsWith("#") ? !headings.includes(target) : !existsSync(join(project, "docs", target)),
  );
  expect(broken).toEqual([]);
});

test("the versions of Node are those that are run, in the README and in package.json, too", () => {
  const short = (version: string) => version.replace(/\.0$/, "");
  expect(page).toContain(`${short(oldestNode)} is the oldest and ${short(newestNode)} the newest`);
  const { engines } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  expect(engines.node).toBe(`>=${short(oldestNode)}`);
  const readme = readFileSync(join(project, "README.md"), "utf8");
  expect(readme).toContain(`${short(oldestNode)} or later`);
  expect(readme).toContain(short(newestNode));
});

test("the images' and the types' Node is the one that it names", () => {
  const [, major] = /\| the authorizer's and frontend's Node \| (\d+):/.exec(page) ?? [];
  for (const file of ["authz/Dockerfile", "frontend/image/Dockerfile.prod"]) {
    const bases = [
      ...readFileSync(join(project, file), "utf8").matchAll(/^FROM docker\.io\/library\/node:(\d+)\./gm),
    ].map(([, one]) => one);
    expect(new Set(bases)).toEqual(new Set([major]));
  }
  const { devDependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  expect(devDependencies["@types/node"].split(".")[0]).toBe(major);
});

test("what is written for AWS provider 6 begins with the versions of the table", () => {
  const written = documentedRows("To AWS provider 6", "outliving-cdktf.md");
  expect(written.map(([from]) => from)).toEqual(["6.0", "6.37"]);
  expect(awsProviderForm("6.36.0")).toEqual({ regionAttribute: "region", indexKeys: "hash_key" });
  expect(awsProviderForm("6.37.0")).toEqual({ regionAttribute: "region", indexKeys: "key_schema" });
});
