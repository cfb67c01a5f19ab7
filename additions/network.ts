import { Construct } from "constructs";
import type { NetworkStack } from "../stacks/network";

/**
 * The place for what a team adds to the network stack or changes in it (docs/additions.md has examples). Resources made
 * with `this` as their scope belong to the network's state.
 */
export class NetworkAdditions extends Construct {
  constructor(network: NetworkStack) {
    super(network, "Additions");
  }
}
