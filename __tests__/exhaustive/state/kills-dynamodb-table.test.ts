import { killTests } from "../../support/state/kills";

killTests({ store: "DynamoDB table" });
