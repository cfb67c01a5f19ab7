import { delimiter } from "node:path";

/** The PATH without the tests' own Terraform (tools/provider-relay): Terraform as users run it. */
export function plainPath(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => !folder.includes("provider-relay")).join(delimiter);
}
