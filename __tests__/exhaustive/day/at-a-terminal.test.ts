import { describeDay } from "../../support/day";

describeDay("pty");
