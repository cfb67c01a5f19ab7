/** Matchers of this project beside cdktf's. Loaded before every test file, so it imports nothing heavy. */
import { join } from "node:path";
import { project } from "../../lib/project";
import { goldenAddresses, lostAddresses, readAddresses, type StackJson, teamAddresses } from "./kept-addresses";

export interface KeepOptions {
  /** Addresses that a change gives up on purpose: Terraform destroys what they have. @default none */
  readonly except?: readonly string[];
}

declare global {
  namespace jest {
    interface Matchers<R> {
      /**
       * That synthesized stacks still have each address of the golden list and of the team's own, instance keys
       * included. More addresses are no harm: what is new is created.
       */
      toKeepAddresses(options?: KeepOptions): R;
    }
  }
}

interface Received {
  readonly network: { readonly json: StackJson };
  readonly app: { readonly json: StackJson };
}

export function toKeepAddresses(
  { network, app }: Received,
  { except = [] }: KeepOptions = {},
): jest.CustomMatcherResult {
  const kept = [goldenAddresses, teamAddresses].flatMap((file) => readAddresses(join(project, file)));
  const wanted = kept.filter(({ address }) => !except.includes(address));
  const lost = lostAddresses(wanted, { network: network.json, app: app.json });
  const unknown = except.filter((one) => !kept.some(({ address }) => address === one));
  const problems = [
    ...lost.map((line) => `  - ${line}`),
    ...unknown.map((address) => `  - ${address} is excepted, but no list has it`),
  ];
  return {
    pass: problems.length === 0,
    message: () =>
      problems.length === 0
        ? "The stacks keep every address."
        : `${problems.length === 1 ? "An address is" : `${problems.length} addresses are`} not kept, so Terraform would destroy what the state has there:\n${problems.join("\n")}\n` +
          "Give each construct the id that makes its old address, or move it with moveFromId(). List what is meant to go in { except: […] }.",
  };
}
