import { randomUUID } from "node:crypto";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../project";
import type { DeployedBase } from "./deployed";

/** Values as a tfvars file has them. */
export function tfvars(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name} = ${JSON.stringify(value).replace(/[$%](?=\{)/g, (sign) => sign + sign)}\n`)
    .join("");
}

/** Writes 02-app with one state of everything that is deployed, as a team has it before the split. */
export function writeOldModule(folder: string, { states }: Pick<DeployedBase, "states">): void {
  cpSync(join(project, "__tests__", "fixtures", "02-app"), folder, { recursive: true });
  const documents = Object.values(states).map((text) => JSON.parse(text));
  const resources = documents.flatMap((document) =>
    document.resources.filter(({ mode }: { mode: string }) => mode === "managed"),
  );
  const { terraform_version } = documents[0];
  const state = { version: 4, terraform_version, serial: 1, lineage: randomUUID(), outputs: {}, resources };
  writeFileSync(join(folder, "terraform.tfstate"), JSON.stringify(state));
}
