/** Runs before each test file: cdktf's matchers, and the project's. */
import { isNativeError } from "node:util/types";
// What Testing.setupJest() calls, without the rest of cdktf, which most tests don't need.
import { setupJest } from "cdktf/lib/testing/adapters/jest";
import { toKeepAddresses } from "./matchers";

setupJest();
expect.extend({ toKeepAddresses });

// cdktf takes a stack trace for every token. Mapping them to the sources would cost a third of what the tests of stacks do.
const { prepareStackTrace } = Error;
Error.prepareStackTrace = (error, frames) =>
  isNativeError(error) ? (prepareStackTrace?.(error, frames) ?? String(error)) : "";
