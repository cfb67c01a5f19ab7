import { killTests } from "../../support/state/kills";

killTests({ store: "lock file", every: 15 });
