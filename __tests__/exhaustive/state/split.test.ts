/** The stores besides the one that `npm test` splits in. */
import { labForTests } from "../../support/state/lab";
import { splitTests } from "../../support/state/splits";

const { lab, newCase } = labForTests();

splitTests(lab, newCase, "DynamoDB table");
splitTests(lab, newCase, "local");
