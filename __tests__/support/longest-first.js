const Sequencer = require("@jest/test-sequencer").default;

/** Those that take minutes, the longest first: what starts last decides how long one worker works alone. */
const long = [
  "exhaustive/state/kills",
  "slow/state/split",
  "exhaustive/local/",
  "exhaustive/images/",
  "exhaustive/hardening/",
  "exhaustive/day/",
  "slow/local/trial",
  "slow/cdktf-cli",
  "slow/operations/deployed",
  "slow/adoption",
  "exhaustive/adoption",
  "exhaustive/cdktf-cli",
  "exhaustive/state/environment",
  "slow/state/check",
  "slow/state/kills",
  "exhaustive/s3-backend",
  "slow/guards",
  "exhaustive/deploy-workflow",
  "slow/images/deploy",
  "slow/collector",
];

const rank = ({ path }) => {
  const index = long.findIndex((part) => path.includes(`__tests__/${part}`));
  // Unit tests come last: they fill what is left of every worker.
  return index >= 0 ? index : path.includes("__tests__/unit/") ? long.length + 1 : long.length;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }
};
