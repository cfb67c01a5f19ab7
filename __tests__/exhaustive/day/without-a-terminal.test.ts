import { describeDay } from "../../support/day";

describeDay("plain");
