import type { Claim } from "../../constructs/terraform/addressed-stack";
import { Terraform } from "../../terraform/terraform";

/** Moves what belongs to the network out of the app's state file, as step 3 of the README's adoption does. */
export async function splitStateByHand(folder: string, register: readonly Claim[]): Promise<void> {
  const terraform = new Terraform(folder);
  for (const { stack, kind, address } of register) {
    if (stack !== "network" || kind !== "managed") continue;
    const files = ["-state=terraform.app.tfstate", "-state-out=terraform.network.tfstate"];
    const { exitCode, stderr } = await terraform.attempt("state", "mv", ...files, address, address);
    if (exitCode !== 0) throw new Error(`${address}: ${stderr}`);
  }
}
