import type { SynthesizedStack } from "../../tools/testing";

/** Addresses, with the instance keys that are known, that only the second one has. */
export function addedAddresses(before: SynthesizedStack, after: SynthesizedStack): string[] {
  const had = new Set(before.addresses());
  return after.addresses().filter((address) => !had.has(address));
}
