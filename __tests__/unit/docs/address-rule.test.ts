import { synth } from "../../../tools/testing";
import { documentedCode, runPasted } from "../../support/pasted";

test("the example of a kept name runs as pasted", () => {
  const code = documentedCode("Keeping a name that isn't snake_case", "address-rule.md");
  const { NetworkAdditions } = runPasted(code, "additions");
  const stacks = synth({ additions: { network: NetworkAdditions as never } });
  expect(stacks.resource("aws_security_group.ServiceSG-tf")).toMatchObject({ name: "services" });
  expect(stacks.network.managed()).toHaveLength(synth().network.managed().length + 1);
});
