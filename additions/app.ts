import { Construct } from "constructs";
import type { AppStack } from "../stacks/app";

/**
 * The place for what a team adds to the app stack or changes in it (docs/additions.md has examples). Resources made
 * with `this` as their scope belong to the app's state.
 */
export class AppAdditions extends Construct {
  constructor(app: AppStack) {
    super(app, "Additions");
  }
}
