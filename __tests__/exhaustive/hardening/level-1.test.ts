import { describeLevel } from "../../support/hardened-level";

describeLevel(1);
