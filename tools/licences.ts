/** `npm run licenses`: under which licences the installed npm packages are. */
import { newCommand, perform } from "../commands/shared/command";
import { exitCodes } from "../commands/shared/exit-codes";
import { type JsonOption, withJson } from "../commands/shared/options";
import { project } from "../lib/project";
import { table } from "../lib/table";
import { type InstalledPackage, installedPackages } from "./installed-licences";

const command = withJson(
  newCommand(
    "npm run licenses --",
    "Lists the licences of the installed npm packages, and names the packages whose licence isn't allowed or isn't known.",
    {
      done: "every licence is allowed",
      differs: "a licence isn't allowed, or isn't known",
    },
  ),
  "{packages: [{name, version, licence, verdict}]}",
);

const called = ({ name, version }: InstalledPackage) => `${name} ${version}`;
const stated = ({ licence }: InstalledPackage) => licence ?? "none stated";

function byLicence(packages: readonly InstalledPackage[]): string {
  const licences = [...new Set(packages.map(stated))].map((licence) => {
    const under = packages.filter((one) => stated(one) === licence).map(called);
    const rest = under.length > 3 ? `, and ${under.length - 3} more` : "";
    return { count: under.length, row: [licence, String(under.length), under.slice(0, 3).join(", ") + rest] };
  });
  const rows = licences.sort((a, b) => b.count - a.count).map(({ row }) => row);
  return table(["LICENCE", "PACKAGES", ""], rows);
}

perform<JsonOption>(command, ({ json }) => {
  const packages = installedPackages(project);
  const others = packages.filter(({ verdict }) => verdict !== "allowed");
  if (json) console.log(JSON.stringify({ packages }, null, 2));
  else {
    console.log(byLicence(packages));
    for (const one of others) console.log(`${called(one)}: ${stated(one)} is ${one.verdict}`);
  }
  process.exitCode = others.length === 0 ? exitCodes.done : exitCodes.differs;
});
