/** Helpers for tests of stacks, services and additions: docs/testing.md. */
import "./matchers";

export {
  defaultSettings,
  makeProjectStacks,
  makeStacks,
  type StackOptions,
  type Stacks,
  type SynthesizedStacks,
  synth,
  synthProject,
  synthScope,
  synthStack,
} from "./stacks";
export { SynthesizedStack } from "./synthesized-stack";
